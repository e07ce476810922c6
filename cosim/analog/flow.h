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
// Three at a time, so that each coefficient is loaded once.
TARGET INLINE void V(tanh3)(VF *x0, VF *x1, VF *x2) {
    const VF top = V(set)(4.0f), bottom = V(set)(-4.0f);
    *x0 = V(max)(V(min)(*x0, top), bottom);
    *x1 = V(max)(V(min)(*x1, top), bottom);
    *x2 = V(max)(V(min)(*x2, top), bottom);
    VF y0 = V(mul)(*x0, *x0), y1 = V(mul)(*x1, *x1), y2 = V(mul)(*x2, *x2);
    VF p0 = V(set)(1.63179465e-12f), p1 = p0, p2 = p0, c;
    c = V(set)(-1.71741874e-10f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(8.03921718e-09f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(-2.20895274e-07f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(3.96303825e-06f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(-4.89203339e-05f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(0.00042764332f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(-0.00269763097f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(0.0125249482f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(-0.0443136446f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(0.127632411f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(-0.331914266f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    c = V(set)(0.99993789f), p0 = V(fma)(p0, y0, c), p1 = V(fma)(p1, y1, c), p2 = V(fma)(p2, y2, c);
    *x0 = V(mul)(*x0, p0);
    *x1 = V(mul)(*x1, p1);
    *x2 = V(mul)(*x2, p2);
}

TARGET INLINE VF V(tanh)(VF x) {
    VF y = x, z = x;
    V(tanh3)(&x, &y, &z);
    return x;
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
    VF tl = V(fma)(v, LD(il), LD(ul));
    V(tanh3)(&xe, &xi, &tl);
    VF se = V(mul)(LD(ge), xe);
    VF si = V(mul)(LD(gi), xi);
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
    VF arg = V(min)(V(fma)(v, LD(xa), LD(xb)), V(set)(8.96578428f));
    VF xp = V(exp2)(V(max)(arg, V(set)(-100.0f)), 0);
    VF ex = V(mul)(LD(kx), xp);

    VF f = V(fma)(LD(leak), tl, LD(c0));
    f = V(add)(f, V(sub)(se, ee));
    f = V(sub)(f, V(sub)(si, ei));
    f = V(add)(f, ex);
    f = V(fnma)(LD(gw), w, f);
    VF delta = V(mul)(phi, f);
    VF vp = V(add)(v, delta);
    *w1 = V(fma)(qa, V(sub)(V(fma)(LD(wg), V(add)(v, vp), LD(w0)), w), w);

    // How the nonlinear part of the current changes along the interval.
    // The exponential grows by a share z in its own scale, of which y is its own doing; z follows
    // from u' = x e^u to fourth order, until the current reaches its limit at z = zr.
    const VF third = V(set)(0.333333333f), twelfth = V(set)(8.33333333e-2f), most = V(set)(1.5f);
    VF all = V(max)(V(mul)(delta, LD(xz)), V(set)(-1.0f)), zr = V(fnma)(xp, V(set)(2e-3f), one);
    VF z = V(min)(V(min)(all, zr), most);
    VF y = V(min)(V(min)(V(mul)(V(mul)(phi, ex), LD(xz)), zr), most);
    VF grow = V(fma)(V(fma)(z, twelfth, V(fma)(y, third, third)), z,
                     V(fma)(V(fma)(y, twelfth, third), y, one));
    // Beyond, the rest of the interval sees the limit (below 3 % from it there is nothing to add).
    VF zc = V(max)(zr, V(set)(0.03f)), zm = V(max)(all, zc);
    VF room = V(mul)(V(sub)(V(set)(8.96578428f), arg), V(set)(0.693147181f));
    VF over = V(mul)(V(fnma)(xp, room, V(mul)(zr, V(set)(500.0f))), V(sub)(zm, zc));
    over = V(div)(V(mul)(LD(kx), V(add)(over, over)), V(mul)(zm, zc));
    VF dn = V(mul)(V(mul)(delta, LD(itau)), V(mul)(tl, tl));
    dn = V(fnma)(V(mul)(delta, V(set)(12.5f)), V(add)(ee, ei), dn);
    dn = V(add)(V(fma)(V(mul)(ex, z), grow, dn), over);
    dn = V(fnma)(LD(gw), V(sub)(*w1, w), dn);
    *v1 = V(fma)(phi2, dn, vp);
}

#undef LD
#undef VF
#undef V
#undef CAT
#undef CAT_
