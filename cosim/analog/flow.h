// SPDX-License-Identifier: Apache-2.0
// The functions of the membrane equation, written once over a vector type.
// The includer defines TARGET and, for the prefix PFX, the type and the operations PFX##fma, ...;
// every product-sum is an explicit fused one, so that all instruction sets give the same bits.

#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)
#define V(x) CAT(PFX, x)
#define VF V(type)

// The whole part of x as it is added to an exponent, and the rest in [-1/2, 1/2]; |x| < 4e6.
TARGET INLINE VF V(split)(VF x, VF *rest) {
    const VF magic = V(set)(12582912.0f);
    VF whole = V(add)(x, magic);
    *rest = V(sub)(x, V(sub)(whole, magic));
    return whole;
}

// The characteristic of all OTAs, in units of K_OTA: tanh within 4e-6 up to 5.5; within 0.5 % up to
// 9.3, the most that membrane and lines ask for.
TARGET INLINE VF V(ota)(VF x) {
    VF y = V(mul)(x, x);
    VF up = V(fma)(V(add)(y, V(set)(73.4460661f)), y, V(set)(634.525708f));
    VF down = V(fma)(V(add)(y, V(set)(297.986847f)), y, V(set)(7448.95068f));
    return V(div)(V(mul)(x, up), V(fma)(down, y, V(set)(16588.1426f)));
}

// 2^x within 1.0e-4, exact at whole x and without a step between octaves; not below 2^-100; x < 126.
TARGET INLINE VF V(exp2)(VF x) {
    VF u, whole = V(split)(x, &u);
    VF p = V(fma)(V(set)(0.0550089318f), u, V(set)(0.242210960f));
    p = V(fma)(V(fma)(p, u, V(set)(0.693282927f)), u, V(set)(1.0f));
    return V(scale)(p, V(most)(whole, V(set)(12582912.0f - 100.0f)));
}

// What the edge of a synaptic OTA leaves of its current: 1 - 2^x, not below 0; 2^x within 0.3 %.
TARGET INLINE VF V(edge)(VF x) {
    VF u, whole = V(split)(x, &u);
    VF p = V(fma)(V(fma)(V(set)(0.247944f), u, V(set)(0.707990667f)), u, V(set)(1.0f));
    return V(max)(V(sub)(V(set)(1.0f), V(scale)(p, whole)), V(set)(0.0f));
}

#undef VF
#undef V
#undef CAT
#undef CAT_
