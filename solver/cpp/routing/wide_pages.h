// Memory for large tables: asked of the system in wide pages, where it has such. Filling 0.8 GB page
// by page, 4 KB at a time, takes longer than writing the numbers.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace servicenet::routing {

template <class Value>
struct WidePages {
  using value_type = Value;

  WidePages() = default;
  template <class Other>
  WidePages(const WidePages<Other>&) {}  // NOLINT: allocators convert

  Value* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(Value);
    if (bytes < kWide) return static_cast<Value*>(::operator new(bytes));
    void* memory = ::operator new(bytes, kAlign);
#ifdef __linux__
    madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: without it pages are small
#endif
    return static_cast<Value*>(memory);
  }

  void deallocate(Value* memory, std::size_t count) {
    if (count * sizeof(Value) < kWide) return ::operator delete(memory);
    ::operator delete(memory, kAlign);
  }

  template <class Other>
  bool operator==(const WidePages<Other>&) const {
    return true;
  }
  template <class Other>
  bool operator!=(const WidePages<Other>&) const {
    return false;
  }

 private:
  static constexpr std::size_t kWide = std::size_t{1} << 21;
  static constexpr std::align_val_t kAlign{kWide};
};

}  // namespace servicenet::routing
