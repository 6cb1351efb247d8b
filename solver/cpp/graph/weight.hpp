// Travel time and length packed into one integer, compared as one.
#pragma once

#include <cstdint>
#include <limits>

namespace servicenet::graph {

// Upper 32 bits milliseconds, lower 32 bits millimeters. The smaller integer is the faster way and,
// of two equally fast ones, the shorter; sums of packed weights are packed sums.
using Weight = std::uint64_t;

constexpr int kLengthBits = 32;

// No way. Twice this value still fits a signed 64-bit integer, so the inner loops may add first and
// compare afterwards, and may compare signed (the only 64-bit comparison that AVX2 has).
constexpr Weight kUnreachable = (Weight{1} << 62) - 1;

// A way of 2^30 ms (12 days 10 hours) or more counts as none.
constexpr std::int64_t kTimeLimitMs = std::int64_t{1} << 30;
constexpr std::int64_t kLengthLimitMm = std::int64_t{1} << kLengthBits;

constexpr Weight pack(std::int64_t time_ms, std::int64_t length_mm) {
    return (static_cast<Weight>(time_ms) << kLengthBits) | static_cast<Weight>(length_mm);
}

constexpr std::int64_t time_ms(Weight weight) {
    return static_cast<std::int64_t>(weight >> kLengthBits);
}

inline bool less(Weight a, Weight b) {
    return static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b);
}

using Node = std::uint32_t;
using Arc = std::uint32_t;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

}  // namespace servicenet::graph
