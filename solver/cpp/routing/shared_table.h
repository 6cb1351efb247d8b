#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace servicenet::routing {

// A table of cells that copies of a problem share: the legs of 10 000 visits are 0.8 GB, and a
// problem is copied when an engine takes it over. Whoever wants to write gets a table of his own.
template <class Cell>
class SharedTable {
 public:
  explicit SharedTable(std::vector<Cell> cells)
      : owned_(std::make_shared<std::vector<Cell>>(std::move(cells))), first_(owned_->data()) {}

  const Cell& operator[](std::size_t i) const { return first_[i]; }

  const std::vector<Cell>& cells() const { return *owned_; }

  // Cells to write to, seen by nobody else. The reference holds until the table is copied.
  std::vector<Cell>& own() {
    if (owned_.use_count() > 1) *this = SharedTable(std::vector<Cell>(*owned_));
    return *owned_;
  }

 private:
  std::shared_ptr<std::vector<Cell>> owned_;
  const Cell* first_;  // as near as in a plain vector: legs are read in the innermost loops
};

}  // namespace servicenet::routing
