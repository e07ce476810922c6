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
TARGET static inline __m256 v_scale(__m256 x, __m256 t, int sign) {
    __m256i bits = _mm256_castps_si256(x), shift = _mm256_slli_epi32(_mm256_castps_si256(t), 23);
    bits = sign > 0 ? _mm256_add_epi32(bits, shift) : _mm256_sub_epi32(bits, shift);
    return _mm256_castsi256_ps(bits);
}
TARGET static inline uint32_t v_above(__m256 a) {
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_GT_OQ));
}
TARGET static inline __m256 v_match(const uint8_t *label, unsigned address, __m256 x) {
    __m256i have = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)label));
    __m256i same = _mm256_cmpeq_epi32(have, _mm256_set1_epi32((int)address));
    return _mm256_and_ps(x, _mm256_castsi256_ps(same));
}
#include "kernel.h"
#else
typedef int hx_no_avx2;
#endif
