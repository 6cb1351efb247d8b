#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "wide_pages.h"

namespace servicenet::routing {

// A table of cells that copies of a problem share: the legs of 10 000 visits are 0.8 GB, and a
// problem is copied when an engine takes it over. Whoever wants to write gets a table of his own.
template <class Cell>
class SharedTable {
 public:
  using Cells = std::vector<Cell, WidePages<Cell>>;

  explicit SharedTable(Cells cells)
      : owned_(std::make_shared<Cells>(std::move(cells))), first_(owned_->data()) {}

  const Cell& operator[](std::size_t i) const { return first_[i]; }

  const Cells& cells() const { return *owned_; }

  // Cells to write to, seen by nobody else. The reference holds until the table is copied.
  Cells& own() {
    if (owned_.use_count() > 1) *this = SharedTable(Cells(*owned_));
    return *owned_;
  }

 private:
  std::shared_ptr<Cells> owned_;
  const Cell* first_;  // as near as in a plain vector: legs are read in the innermost loops
};

}  // namespace servicenet::routing
