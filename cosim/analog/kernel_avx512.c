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
TARGET static inline __m512 v_scale(__m512 x, __m512 t, int sign) {
    __m512i bits = _mm512_castps_si512(x), shift = _mm512_slli_epi32(_mm512_castps_si512(t), 23);
    bits = sign > 0 ? _mm512_add_epi32(bits, shift) : _mm512_sub_epi32(bits, shift);
    return _mm512_castsi512_ps(bits);
}
TARGET static inline uint32_t v_above(__m512 a) {
    return _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_GT_OQ);
}
TARGET static inline __m512 v_match(const uint8_t *label, unsigned address, __m512 x) {
    __m512i have = _mm512_cvtepu8_epi32(_mm_load_si128((const __m128i *)label));
    return _mm512_maskz_mov_ps(_mm512_cmpeq_epi32_mask(have, _mm512_set1_epi32((int)address)), x);
}
#include "kernel.h"
#else
typedef int hx_no_avx512;
#endif
