// SPDX-License-Identifier: Apache-2.0
// The array step with AVX-512, 16 neurons at a time.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>
#define TARGET __attribute__((target("avx512f,avx2,fma")))
#define WIDTH 16
#define NAME(x) x##_avx512

typedef __m512 v_type;
TARGET static inline __m512 v_load(const float *p) { return _mm512_load_ps(p); }
TARGET static inline void v_store(float *p, __m512 x) { _mm512_store_ps(p, x); }
TARGET static inline __m512 v_set(float x) { return _mm512_set1_ps(x); }
TARGET static inline __m512 v_add(__m512 a, __m512 b) { return _mm512_add_ps(a, b); }
TARGET static inline __m512 v_sub(__m512 a, __m512 b) { return _mm512_sub_ps(a, b); }
TARGET static inline __m512 v_mul(__m512 a, __m512 b) { return _mm512_mul_ps(a, b); }
TARGET static inline __m512 v_div(__m512 a, __m512 b) { return _mm512_div_ps(a, b); }
TARGET static inline __m512 v_fma(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
TARGET static inline __m512 v_fnma(__m512 a, __m512 b, __m512 c) {
    return _mm512_fnmadd_ps(a, b, c);
}
TARGET static inline __m512 v_min(__m512 a, __m512 b) { return _mm512_min_ps(a, b); }
TARGET static inline __m512 v_max(__m512 a, __m512 b) { return _mm512_max_ps(a, b); }
TARGET static inline uint32_t v_reached(__m512 a, __m512 b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ);
}
TARGET static inline __m512 v_scale(__m512 x, __m512 n) {
    __m512i shift = _mm512_slli_epi32(_mm512_castps_si512(n), 23);
    return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(x), shift));
}
TARGET static inline __m512 v_most(__m512 a, __m512 b) {
    __m512i most = _mm512_max_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b));
    return _mm512_castsi512_ps(most);
}
TARGET static inline uint32_t v_above(__m512 a) {
    return _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_GT_OQ);
}
TARGET static inline uint32_t v_match(const uint8_t *label, unsigned address) {
    __m256i have = _mm256_load_si256((const __m256i *)label);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(have, _mm256_set1_epi8((char)address)));
}
TARGET static inline __m512 v_pick(__m512 x, uint32_t mask) {
    return _mm512_maskz_mov_ps((__mmask16)mask, x);
}
TARGET static uint32_t v_late(const int64_t *next, int64_t t) {
    uint32_t late = 0;
    for (unsigned l = 0; l < 32; l += 8)
        late |= (uint32_t)_mm512_cmple_epi64_mask(_mm512_load_si512(next + l), _mm512_set1_epi64(t)) << l;
    return late;
}
TARGET static int64_t v_soonest(const int64_t *next) {
    __m512i a = _mm512_min_epi64(_mm512_load_si512(next), _mm512_load_si512(next + 8));
    __m512i b = _mm512_min_epi64(_mm512_load_si512(next + 16), _mm512_load_si512(next + 24));
    return _mm512_reduce_min_epi64(_mm512_min_epi64(a, b));
}
#include "kernel.h"
#else
typedef int hx_no_avx512;
#endif
