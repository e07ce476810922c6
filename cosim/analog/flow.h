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

// The characteristic of all OTAs, in units of K_OTA: tanh within 1e-6 up to 4.4; within 0.9 % up to
// 9.3, the most that membrane and lines ask for.
TARGET INLINE VF V(ota)(VF x) {
    VF y = V(mul)(x, x);
    VF up = V(fma)(V(add)(y, V(set)(69.1920028f)), y, V(set)(589.222441f));
    VF down = V(fma)(V(add)(y, V(set)(270.911278f)), y, V(set)(6555.74461f));
    return V(div)(V(mul)(x, up), V(fma)(down, y, V(set)(14543.9347f)));
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

#define LD(field) V(load)(b->field + l)

// The currents at the membrane but the exponential one, as what they do to it in a step [V].
typedef struct {
    VF all, leak, exc, inh;  // sum; the leak's OTA; what the inputs' OTAs bring
    VF exc_share, inh_share;  // share of them in conductance based mode
    VF exc_left, inh_left;    // what that share and the edges leave of them
} V(currents_type);

// With the membrane at `v`, drops `de` and `di`, and `all` that is there anyway. For the lanes from `l`
// on, all of them of a `kind`.
TARGET INLINE V(currents_type) V(currents)(const hx_block *b, unsigned l, unsigned kind, VF v, VF de,
                                           VF di, VF all) {
    const VF zero = V(set)(0.0f), one = V(set)(1.0f);
    V(currents_type) c = {all, zero, zero, zero, one, one, one, one};
    c.leak = V(ota)(V(fma)(v, LD(il), LD(ul)));
    c.all = V(fma)(LD(leak), c.leak, c.all);
    if (kind & HX_EXC) {
        c.exc = V(mul)(LD(ge), V(ota)(V(fma)(de, LD(xe1), LD(xe0))));
        c.exc_left = V(edge)(V(fma)(v, V(set)((float)K_EDGE), LD(ee)));
        if (kind & HX_COBA) {
            c.exc_share = V(max)(V(fma)(LD(ce), V(ota)(V(fma)(v, LD(ce1), LD(ce0))), one), zero);
            c.exc_left = V(mul)(c.exc_left, c.exc_share);
        }
        c.all = V(fma)(c.exc, c.exc_left, c.all);
    }
    if (kind & HX_INH) {
        c.inh = V(mul)(LD(gi), V(ota)(V(fma)(di, LD(xi1), LD(xi0))));
        c.inh_left = V(edge)(V(fma)(v, V(set)((float)-K_EDGE), LD(ei)));
        if (kind & HX_COBA) {
            c.inh_share = V(max)(V(fma)(LD(ci), V(ota)(V(fma)(v, LD(ci1), LD(ci0))), one), zero);
            c.inh_left = V(mul)(c.inh_left, c.inh_share);
        }
        c.all = V(fnma)(c.inh, c.inh_left, c.all);
    }
    return c;
}

// A part of a step, the exponential apart: where the membrane goes with the currents at its beginning,
// how much of that a current has gained at its end that has the slope 1, and that slope.
typedef struct {
    VF go, bend, slope;
} V(part_type);

TARGET INLINE V(part_type) V(part)(const hx_block *b, unsigned l, unsigned kind, VF v, VF w, VF de,
                                   VF di, VF h) {
    const VF one = V(set)(1.0f), half = V(set)(0.5f), edge = V(set)((float)(1.0 / K_OTA_EDGE));
    // Shares of the weights of a whole step: the exponential integrator as Pade approximation.
    VF z = V(mul)(h, LD(itau)), more = V(add)(z, V(set)(6.0f));
    VF k = V(div)(V(mul)(h, LD(iphi)), V(fma)(z, more, V(set)(12.0f)));
    // The lines at mid interval: xe1 stands for the middle of a step.
    VF ue = V(mul)(V(mul)(h, half), LD(te)), ui = V(mul)(V(mul)(h, half), LD(ti));
    VF me = V(mul)(V(mul)(de, LD(be)), V(fma)(ue, V(sub)(V(mul)(ue, half), one), one));
    VF mi = V(mul)(V(mul)(di, LD(bi)), V(fma)(ui, V(sub)(V(mul)(ui, half), one), one));
    V(currents_type) c = V(currents)(b, l, kind, v, me, mi, V(fnma)(LD(gw), w, LD(c0)));
    // Slope of the current beyond that of the leak.
    VF slope = V(mul)(LD(kd), V(mul)(V(set)((float)(K_OTA * K_OTA)), V(mul)(c.leak, c.leak)));
    if (kind & HX_EXC) slope = V(fma)(V(mul)(c.exc, edge), V(sub)(c.exc_left, c.exc_share), slope);
    if (kind & HX_INH) slope = V(fma)(V(mul)(c.inh, edge), V(sub)(c.inh_left, c.inh_share), slope);
    return (V(part_type)){V(mul)(V(mul)(V(set)(12.0f), k), c.all), V(mul)(k, more), slope};
}
#undef LD

#undef VF
#undef V
#undef CAT
#undef CAT_
