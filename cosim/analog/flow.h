// SPDX-License-Identifier: Apache-2.0
// The membrane equation over one interval, written once over a vector type.
// The includer defines TARGET and, for the prefix PFX, the type and the operations PFX##fma, ...;
// every product-sum is an explicit fused one, so that all instruction sets give the same bits.

#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)
#define V(x) CAT(PFX, x)
#define VF V(type)

// tanh within 4e-6 up to 5.5; within 0.5 % up to 9.3, the most that membrane and lines ask for.
TARGET INLINE VF V(tanh)(VF x) {
    VF y = V(mul)(x, x);
    VF up = V(fma)(V(fma)(V(set)(26.1424809f), y, V(set)(1920.06238f)), y, V(set)(16588.0762f));
    VF down = V(fma)(V(add)(y, V(set)(297.986847f)), y, V(set)(7448.95068f));
    down = V(fma)(down, y, V(set)(16588.1426f));
    return V(div)(V(mul)(x, up), down);
}

// The whole part of x as it is added to an exponent, and the rest in [-1/2, 1/2]; |x| < 126.
TARGET INLINE VF V(split)(VF x, VF *rest) {
    const VF magic = V(set)(12582912.0f);
    VF whole = V(add)(x, magic);
    *rest = V(sub)(x, V(sub)(whole, magic));
    return whole;
}

// 2^x within 4e-6 for |x| < 126.
TARGET INLINE VF V(exp2)(VF x) {
    VF u, whole = V(split)(x, &u);
    VF p = V(fma)(V(set)(0.00957067f), u, V(set)(0.05591835f));
    p = V(fma)(V(fma)(p, u, V(set)(0.24024741f)), u, V(set)(0.69312173f));
    p = V(fma)(p, u, V(set)(0.99999924f));
    return V(scale)(p, whole, 1);
}

// exp(-7.25) 2^f within 0.3 %, for the edges of the synaptic OTAs.
TARGET INLINE VF V(edge)(VF f) {
    VF p = V(fma)(V(set)(1.67353447e-4f), f, V(set)(5.01792103e-4f));
    return V(fma)(p, f, V(set)(7.10850000e-4f));
}

#define LD(field) V(load)(b->field + l)

// One interval of membrane and adaptation. `kind`: what the lanes have (HX_EXC, ...), the rest is
// known to contribute nothing. The constants of the block stand for a whole step: `part` is the
// share of it that a shorter interval has (without HX_FINE it is 1), `bend` the weight of the second
// order, `qa`, `gq`, `gqw` those of the adaptation. `xe`, `xi`: line drops at mid interval in units
// of the OTA's range; `he`, `hi`: what the membrane leaves of their currents. `run`: how far the exponential runs away; where it is large, HX_FINE is due.
// The order is that of a short chain of dependent operations: first what takes longest, then the
// sums in the order in which their terms get ready.
TARGET INLINE void V(flow)(const hx_block *b, unsigned kind, unsigned l, VF v, VF w, VF xe, VF xi,
                           VF part, VF bend, VF qa, VF gq, VF gqw, VF *v1, VF *w1, VF *run,
                           VF *he, VF *hi) {
    const VF one = V(set)(1.0f);
    *he = *hi = *run = one;
    VF tl = V(tanh)(V(fma)(v, LD(il), LD(ul))), te = xe, ti = xi;
    if (kind & HX_EXC) te = V(tanh)(xe);
    if (kind & HX_INH) ti = V(tanh)(xi);
    if (kind & HX_COBA) {
        VF me = V(fma)(LD(ce), V(tanh)(V(fma)(v, LD(ce1), LD(ce0))), one);
        VF mi = V(fma)(LD(ci), V(tanh)(V(fma)(v, LD(ci1), LD(ci0))), one);
        *he = V(max)(me, V(set)(0.0f));
        *hi = V(max)(mi, V(set)(0.0f));
        te = V(mul)(te, *he);
        ti = V(mul)(ti, *hi);
    }
    // How far the adaptation is from where this membrane would take it.
    VF way = V(sub)(V(fma)(LD(wg), V(add)(v, v), LD(w0)), w);
    VF f = V(fnma)(LD(gw), w, LD(c0)), arg = f, ex = f;
    if (kind & HX_EXP) {
        arg = V(min)(V(fma)(v, LD(xa), LD(xb)), LD(xtop));
        ex = V(exp2)(V(max)(arg, V(set)(-100.0f)));
        f = V(add)(f, ex);
    }
    // Slope of the current beyond that of the leak, and the change by the adaptation, per 80 mV.
    VF slope = V(fma)(LD(curl), V(mul)(tl, tl), gqw);
    VF change = V(mul)(gq, way);
    f = V(fma)(LD(leak), tl, f);
    if (kind & (HX_EXC | HX_INH)) {
        // Both edges are exponentials of the same argument: exp(-7.25 +- u) in units of 80 mV.
        VF u, whole = V(split)(V(fma)(v, V(set)(18.0336880f), LD(edge)), &u);
        if (kind & HX_EXC) {
            VF share = V(sub)(one, V(scale)(V(edge)(u), whole, 1)), gain = V(mul)(LD(ge), share);
            *he = kind & HX_COBA ? V(mul)(*he, share) : share;
            f = V(fma)(te, gain, f);
            slope = V(fma)(te, V(sub)(gain, LD(ge)), slope);
        }
        if (kind & HX_INH) {
            VF edge = V(scale)(V(edge)(V(sub)(V(set)(0.0f), u)), whole, -1);
            VF share = V(max)(V(sub)(one, edge), V(set)(0.0f)), gain = V(mul)(LD(gi), share);
            *hi = kind & HX_COBA ? V(mul)(*hi, share) : share;
            f = V(fnma)(ti, gain, f);
            slope = V(fma)(ti, V(sub)(gain, LD(gi)), slope);
        }
    }
    VF delta = kind & HX_FINE ? V(mul)(part, f) : f;
    VF vp = V(add)(v, delta);
    *w1 = V(fma)(qa, V(fma)(LD(wg), delta, way), w);

    // Second order: how the current changes along the interval.
    change = V(fma)(delta, slope, change);
    if (kind & HX_EXP && !(kind & HX_FINE)) {
        // The exponential grows by a share z in its own scale (doublings), with what it adds itself.
        VF z = V(max)(V(mul)(delta, LD(xa)), V(set)(-1.44f));
        z = V(min)(z, V(sub)(LD(xtop), arg));
        *run = V(fma)(ex, LD(xa), z);
        VF p = V(fma)(V(set)(3.33024651e-3f), *run, V(set)(1.28120805e-2f));
        p = V(fma)(p, *run, V(set)(5.54517744e-2f));
        change = V(fma)(V(mul)(ex, z), p, change);
    }
    if (kind & HX_EXP && kind & HX_FINE) {
        // The exponential grows by a share z in its own scale, of which y is its own doing; z follows
        // from u' = x e^u to fourth order, until the current reaches its limit at z = zr.
        const VF third = V(set)(0.333333333f), twelfth = V(set)(8.33333333e-2f);
        const VF most = V(set)(1.5f), ln2 = V(set)(0.693147181f), cap = LD(cap);
        VF xz = V(mul)(LD(xa), ln2), all = V(max)(V(mul)(delta, xz), V(set)(-1.0f));
        VF zr = V(sub)(one, V(div)(ex, cap));
        VF z = V(min)(V(min)(all, zr), most);
        VF y = V(min)(V(min)(V(mul)(V(mul)(part, ex), xz), zr), most);
        VF grow = V(fma)(V(fma)(z, twelfth, V(fma)(y, third, third)), z,
                         V(fma)(V(fma)(y, twelfth, third), y, one));
        // Beyond, the rest of the interval sees the limit (below 3 % from it there is nothing to add).
        VF zc = V(max)(zr, V(set)(0.03f)), zm = V(max)(all, zc);
        VF room = V(mul)(V(sub)(LD(xtop), arg), ln2);
        VF over = V(mul)(V(fnma)(ex, room, V(mul)(zr, cap)), V(sub)(zm, zc));
        over = V(div)(V(add)(over, over), V(mul)(zm, zc));
        change = V(fma)(V(fma)(V(mul)(ex, z), grow, over), V(set)(0.08f), change);
    }
    *v1 = V(fma)(bend, change, vp);
}

#undef LD
#undef VF
#undef V
#undef CAT
#undef CAT_
