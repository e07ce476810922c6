// SPDX-License-Identifier: Apache-2.0
// The membrane equation over one interval, written once over a vector type.
// The includer defines TARGET and, for the prefix PFX, the type and the operations PFX##fma, ...;
// every product-sum is an explicit fused one, so that all instruction sets give the same bits.

#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)
#define V(x) CAT(PFX, x)
#define VF V(type)

// tanh with a relative error of 6e-5 (minimax, odd polynomial, clamped at 4): far below the
// mismatch of the OTAs that it describes.
TARGET INLINE VF V(tanh)(VF x) {
    x = V(max)(V(min)(x, V(set)(4.0f)), V(set)(-4.0f));
    VF y = V(mul)(x, x);
    VF p = V(set)(1.63179465e-12f);
    p = V(fma)(p, y, V(set)(-1.71741874e-10f));
    p = V(fma)(p, y, V(set)(8.03921718e-09f));
    p = V(fma)(p, y, V(set)(-2.20895274e-07f));
    p = V(fma)(p, y, V(set)(3.96303825e-06f));
    p = V(fma)(p, y, V(set)(-4.89203339e-05f));
    p = V(fma)(p, y, V(set)(0.00042764332f));
    p = V(fma)(p, y, V(set)(-0.00269763097f));
    p = V(fma)(p, y, V(set)(0.0125249482f));
    p = V(fma)(p, y, V(set)(-0.0443136446f));
    p = V(fma)(p, y, V(set)(0.127632411f));
    p = V(fma)(p, y, V(set)(-0.331914266f));
    p = V(fma)(p, y, V(set)(0.99993789f));
    return V(mul)(x, p);
}

// 2^x and 2^-x for |x| < 126, relative error 3e-6.
TARGET INLINE VF V(exp2)(VF x, VF *inverse) {
    const VF magic = V(set)(12582912.0f);
    VF t = V(add)(x, magic);
    VF f = V(sub)(x, V(sub)(t, magic));
    VF y = V(mul)(f, f);
    VF even = V(fma)(V(fma)(V(set)(0.0095701f), y, V(set)(0.24024745f)), y, V(set)(0.99999926f));
    VF odd = V(mul)(f, V(fma)(V(set)(0.0559179f), y, V(set)(0.69312181f)));
    if (inverse) *inverse = V(scale)(V(sub)(even, odd), t, -1);
    return V(scale)(V(add)(even, odd), t, 1);
}

#define LD(field) V(load)(b->field + l)

// One interval of membrane and adaptation. `phi`, `phi2`: weights of the exponential integrator,
// `qa`: share of the way that the adaptation goes, `xe`, `xi`: line drops at mid interval in units
// of the OTA's range.
TARGET INLINE void V(flow)(const hx_block *b, unsigned l, VF v, VF w, VF xe, VF xi, VF phi,
                                  VF phi2, VF qa, VF *v1, VF *w1) {
    const VF one = V(set)(1.0f);
    VF se = V(mul)(LD(ge), V(tanh)(xe));
    VF si = V(mul)(LD(gi), V(tanh)(xi));
    if (b->coba) {
        VF me = V(fma)(LD(ce), V(tanh)(V(fma)(v, LD(ce1), LD(ce0))), one);
        VF mi = V(fma)(LD(ci), V(tanh)(V(fma)(v, LD(ci1), LD(ci0))), one);
        se = V(mul)(se, V(max)(me, V(set)(0.0f)));
        si = V(mul)(si, V(max)(mi, V(set)(0.0f)));
    }
    // Both edges are exponentials of the same argument: exp(-7.25 +- u) in units of 80 mV.
    VF down, up = V(exp2)(V(fma)(v, V(set)(18.0336880f), LD(edge)), &down);
    VF ee = V(mul)(se, V(mul)(up, V(set)(7.10174388e-4f)));
    VF ei = V(mul)(si, V(min)(V(mul)(down, V(set)(7.10174388e-4f)), one));
    VF tl = V(tanh)(V(fma)(v, LD(il), LD(ul)));
    VF arg = V(min)(V(fma)(v, LD(xa), LD(xb)), V(set)(8.96578428f));
    VF ex = V(mul)(LD(kx), V(exp2)(V(max)(arg, V(set)(-100.0f)), 0));

    VF f = V(fma)(LD(leak), tl, LD(c0));
    f = V(add)(f, V(sub)(se, ee));
    f = V(sub)(f, V(sub)(si, ei));
    f = V(add)(f, ex);
    f = V(fnma)(LD(gw), w, f);
    VF delta = V(mul)(phi, f);
    VF vp = V(add)(v, delta);
    *w1 = V(fma)(qa, V(sub)(V(fma)(LD(wg), V(add)(v, vp), LD(w0)), w), w);

    // How the nonlinear part of the current changes along the interval.
    VF room = V(mul)(V(sub)(V(set)(8.96578428f), arg), V(set)(0.693147181f));
    VF z = V(max)(V(min)(V(mul)(delta, LD(xz)), V(min)(room, V(set)(1.5f))), V(set)(-1.0f));
    VF grow = V(fma)(V(fma)(V(fma)(z, V(set)(4.16666667e-2f), V(set)(0.166666667f)), z,
                            V(set)(0.5f)), z, one);
    VF dn = V(mul)(V(mul)(delta, LD(itau)), V(mul)(tl, tl));
    dn = V(fnma)(V(mul)(delta, V(set)(12.5f)), V(add)(ee, ei), dn);
    dn = V(fma)(V(mul)(ex, z), grow, dn);
    dn = V(fnma)(LD(gw), V(sub)(*w1, w), dn);
    *v1 = V(fma)(phi2, dn, vp);
}

#undef LD
#undef VF
#undef V
#undef CAT
#undef CAT_
