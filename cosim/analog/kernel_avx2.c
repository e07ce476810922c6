// SPDX-License-Identifier: Apache-2.0
// The array step with AVX2 and FMA, 8 neurons at a time.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>
#define TARGET __attribute__((target("avx2,fma")))
#define WIDTH 8
#define NAME(x) x##_avx2

typedef __m256 v_type;
TARGET static inline __m256 v_load(const float *p) { return _mm256_load_ps(p); }
TARGET static inline void v_store(float *p, __m256 x) { _mm256_store_ps(p, x); }
TARGET static inline __m256 v_set(float x) { return _mm256_set1_ps(x); }
TARGET static inline __m256 v_add(__m256 a, __m256 b) { return _mm256_add_ps(a, b); }
TARGET static inline __m256 v_sub(__m256 a, __m256 b) { return _mm256_sub_ps(a, b); }
TARGET static inline __m256 v_mul(__m256 a, __m256 b) { return _mm256_mul_ps(a, b); }
TARGET static inline __m256 v_div(__m256 a, __m256 b) { return _mm256_div_ps(a, b); }
TARGET static inline __m256 v_fma(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
TARGET static inline __m256 v_fnma(__m256 a, __m256 b, __m256 c) {
    return _mm256_fnmadd_ps(a, b, c);
}
TARGET static inline __m256 v_min(__m256 a, __m256 b) { return _mm256_min_ps(a, b); }
TARGET static inline __m256 v_max(__m256 a, __m256 b) { return _mm256_max_ps(a, b); }
TARGET static inline uint32_t v_reached(__m256 a, __m256 b) {
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_GE_OQ));
}
TARGET static inline __m256 v_scale(__m256 x, __m256 n) {
    __m256i shift = _mm256_slli_epi32(_mm256_castps_si256(n), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(x), shift));
}
TARGET static inline __m256 v_most(__m256 a, __m256 b) {
    __m256i most = _mm256_max_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b));
    return _mm256_castsi256_ps(most);
}
TARGET static inline uint32_t v_above(__m256 a) {
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_GT_OQ));
}
TARGET static inline uint32_t v_match(const uint8_t *label, unsigned address) {
    __m256i have = _mm256_load_si256((const __m256i *)label);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(have, _mm256_set1_epi8((char)address)));
}
TARGET static inline __m256 v_pick(__m256 x, uint32_t mask) {
    const __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    __m256i have = _mm256_and_si256(_mm256_set1_epi32((int)mask), bit);
    return _mm256_and_ps(x, _mm256_castsi256_ps(_mm256_cmpeq_epi32(have, bit)));
}
TARGET static uint32_t v_late(const int64_t *next, int64_t t) {
    uint32_t after = 0;
    for (unsigned l = 0; l < 32; l += 4) {
        __m256i x = _mm256_load_si256((const __m256i *)(next + l));
        x = _mm256_cmpgt_epi64(x, _mm256_set1_epi64x(t));
        after |= (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(x)) << l;
    }
    return ~after;
}
TARGET static int64_t v_soonest(const int64_t *next) {
    __m256i x = _mm256_load_si256((const __m256i *)next);
    for (unsigned l = 4; l < 32; l += 4) {
        __m256i y = _mm256_load_si256((const __m256i *)(next + l));
        x = _mm256_blendv_epi8(x, y, _mm256_cmpgt_epi64(x, y));
    }
    int64_t part[4];
    _mm256_storeu_si256((__m256i *)part, x);
    for (unsigned k = 1; k < 4; k++) part[0] = part[k] < part[0] ? part[k] : part[0];
    return part[0];
}
#include "kernel.h"
#else
typedef int hx_no_avx2;
#endif
