// SPDX-License-Identifier: Apache-2.0
// Compartments: shorted membranes become one node, nodes and somatic lines form trees of resistors.

#include <math.h>
#include <string.h>

#include "state.h"

#define POINTS (2 * HX_ANALOG_NEURONS)  // membranes, then line segments

static unsigned find(uint16_t *root, unsigned i) {
    while (root[i] != i) i = root[i] = root[root[i]];
    return i;
}

static int join(uint16_t *root, unsigned a, unsigned b) {
    a = find(root, a);
    b = find(root, b);
    if (a == b) return 0;
    if (a > b) {
        unsigned t = a;
        a = b;
        b = t;
    }
    root[b] = (uint16_t)a;
    return 1;
}

// Build the nodes; 0, or -1 if resistors close a loop (then `m` is of no use).
int hx_morphology(const hx_state *s, const hx_neuron_config *neuron, hx_tree *m) {
    uint16_t root[POINTS], group[POINTS];
    memset(m, 0, sizeof *m);
    for (unsigned i = 0; i < POINTS; i++) root[i] = (uint16_t)i;
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) {
        const hx_neuron_config *c = &neuron[n];
        unsigned line = HX_ANALOG_NEURONS + n;
        int border = n % 128 == 127;
        if (c->membrane_right && !border) join(root, n, n + 1);
        if (c->bottom) join(root, n, (n + 256) % 512);
        if (c->soma) join(root, n, line);
        if (c->soma_right && !border) join(root, line, line + 1);
    }
    memcpy(group, root, sizeof group);
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++)
        if (neuron[n].conductance && !join(group, find(root, n), find(root, HX_ANALOG_NEURONS + n)))
            return -1;
    // Nodes in use: with several membranes, or with a resistor.
    uint16_t members[POINTS] = {0}, index[POINTS];
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) members[find(root, n)]++;
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++)
        if (neuron[n].conductance) {
            members[find(root, n)] |= 0x8000;
            members[find(root, HX_ANALOG_NEURONS + n)] |= 0x8000;
        }
    for (unsigned i = 0; i < POINTS; i++) {
        index[i] = NO_NODE;
        if (find(root, i) == i && (members[i] & 0x8000 || members[i] > 1))
            index[i] = (uint16_t)m->nodes++;
    }
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) {
        unsigned k = index[find(root, n)];
        m->node[n] = (uint16_t)k;
        if (k != NO_NODE) m->capacitance[k] += hx_capacitance(s, n, &neuron[n]);
        if (k != NO_NODE) m->blocks |= 1u << n / LANES;
    }
    // Order the trees from the leaves to the roots: take nodes with one open resistor.
    uint16_t degree[POINTS] = {0};
    uint8_t used[HX_ANALOG_NEURONS] = {0};
    unsigned edges = 0;
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++)
        if (neuron[n].conductance) {
            degree[index[find(root, n)]]++;
            degree[index[find(root, HX_ANALOG_NEURONS + n)]]++;
            edges++;
        }
    while (m->edges < edges)
        for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) {
            if (!neuron[n].conductance || used[n]) continue;
            unsigned a = index[find(root, n)], b = index[find(root, HX_ANALOG_NEURONS + n)];
            if (degree[a] != 1 && degree[b] != 1) continue;
            // A line without capacitance is never taken last if a membrane can be.
            int take_b = degree[b] == 1;
            m->child[m->edges] = (uint16_t)(take_b ? b : a);
            m->parent[m->edges] = (uint16_t)(take_b ? a : b);
            m->resistor[m->edges++] = (uint16_t)n;
            used[n] = 1;
            degree[a]--;
            degree[b]--;
        }
    return 0;
}

static float saturated(double g, double difference) {
    double x = difference / K_L_IC, y = x * x;
    // tanh(x)/x to 1 %: good enough for a conductance that is known to 25 %.
    return (float)(g * (1.0 + y / 15.0) / (1.0 + y * (0.4 + y / 105.0 * 1.2)));
}

// After all circuits have made their own step: common voltages, then the currents between nodes by
// backward Euler on the trees.
void hx_exchange(hx_state *s, hx_step_spikes *out) {
    (void)out;
    hx_tree *m = &s->tree;
    double v[POINTS], diagonal[POINTS], before[POINTS], h = s->dt * K_TICK;
    double g[HX_ANALOG_NEURONS];
    for (unsigned k = 0; k < m->nodes; k++) {
        before[k] = v[k] = m->voltage[k];
        diagonal[k] = m->capacitance[k] / h;
    }
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++)
        if (m->node[n] != NO_NODE)
            v[m->node[n]] += s->block[n / LANES].v[n % LANES] + s->lane[n].el - before[m->node[n]];
    for (unsigned k = 0; k < m->nodes; k++) v[k] *= diagonal[k];  // right hand side
    for (unsigned e = 0; e < m->edges; e++) {
        unsigned a = m->child[e], b = m->parent[e];
        g[e] = saturated(s->lane[m->resistor[e]].g_ic, before[a] - before[b]);
        diagonal[a] += g[e];
        diagonal[b] += g[e];
    }
    for (unsigned e = 0; e < m->edges; e++) {
        unsigned a = m->child[e], b = m->parent[e];
        double share = diagonal[a] > 0 ? g[e] / diagonal[a] : 0;
        diagonal[b] -= share * g[e];
        v[b] += share * v[a];
    }
    uint8_t solved[POINTS] = {0};
    for (unsigned e = m->edges; e-- > 0;) {
        unsigned a = m->child[e], b = m->parent[e];
        if (!solved[b]) {
            v[b] = diagonal[b] > 1e-30 ? v[b] / diagonal[b] : before[b];
            solved[b] = 1;
        }
        v[a] = diagonal[a] > 0 ? (v[a] + g[e] * v[b]) / diagonal[a] : v[b];
        solved[a] = 1;
    }
    int64_t end = (s->step + 1) * s->dt;
    for (unsigned k = 0; k < m->nodes; k++) {
        if (!solved[k]) v[k] = diagonal[k] > 0 ? v[k] / diagonal[k] : before[k];
        v[k] = v[k] < 0 ? 0 : v[k] > K_MEMBRANE_MAX ? K_MEMBRANE_MAX : v[k];
        m->voltage[k] = v[k];
    }
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) {
        unsigned k = m->node[n];
        if (k == NO_NODE) continue;
        hx_lane *lane = &s->lane[n];
        hx_block *b = &s->block[n / LANES];
        float moved = (float)(v[k] - lane->el);
        b->dv[n % LANES] += moved - b->v[n % LANES];
        b->v[n % LANES] = moved;
        double noise = s->noise ? hx_noise(s, n, end) : 0.0;
        double level = lane->threshold + lane->el - noise;
        if (!lane->armed || v[k] < level || lane->from >= end) continue;
        double share = before[k] >= level ? 0 : (level - before[k]) / (v[k] - before[k]);
        int64_t trip = s->step * s->dt + (int64_t)ceil(share * s->dt);
        lane->armed = 0;
        lane->phase = PENDING;
        lane->deadline = (trip < lane->from ? lane->from : trip) + lane->delay;
        if (lane->deadline < end) lane->deadline = end;
        b->next[n % LANES] = hx_next(lane);
        hx_block_due(b);
        s->awake |= 1u << n / LANES;
    }
}

// Fires of masters start the refractory period of the slaves on their line, at the end of the step.
void hx_follow(hx_state *s, const hx_step_spikes *fires) {
    for (uint32_t i = 0; i < fires->count; i++) {
        unsigned master = fires->item[i].neuron, count = 1;
        if (!s->backend[master].master) continue;
        int64_t release = fires->item[i].time + s->lane[master].reset_ticks;
        uint8_t seen[HX_ANALOG_NEURONS] = {0};
        uint16_t reached[HX_ANALOG_NEURONS] = {(uint16_t)master};
        seen[master] = 1;
        while (count) {
            unsigned n = reached[--count], below = (n + 256) % 512;
            const hx_backend_config *c = &s->backend[n];
            if (c->slave && !s->force_reset[n / 128 % 2]) hx_hold(s, n, release);
            if (!seen[below] && (c->fire_bottom || s->backend[below].fire_bottom))
                seen[below] = 1, reached[count++] = (uint16_t)below;
            if (n % 128 < 127 && !seen[n + 1] && c->fire_to_right)
                seen[n + 1] = 1, reached[count++] = (uint16_t)(n + 1);
            if (n % 128 > 0 && !seen[n - 1] && s->backend[n - 1].fire_from_right)
                seen[n - 1] = 1, reached[count++] = (uint16_t)(n - 1);
        }
    }
}

// New nodes after a change of the switches: charge is conserved.
void hx_regroup(hx_state *s, const hx_tree *next) {
    double old[HX_ANALOG_NEURONS];
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++)
        old[n] = s->block[n / LANES].v[n % LANES] + s->lane[n].el;
    hx_tree *m = &s->tree;
    unsigned touched[HX_ANALOG_NEURONS];
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++)
        touched[n] = m->node[n] != NO_NODE || next->node[n] != NO_NODE;
    *m = *next;
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++)
        if (m->node[n] != NO_NODE)
            m->voltage[m->node[n]] += old[n] * hx_capacitance(s, n, &s->neuron[n]);
    for (unsigned k = 0; k < m->nodes; k++)
        m->voltage[k] = m->capacitance[k] > 0 ? m->voltage[k] / m->capacitance[k] : 0.0;
    for (unsigned e = m->edges; e-- > 0;)  // lines start where their parent is
        if (!(m->capacitance[m->child[e]] > 0)) m->voltage[m->child[e]] = m->voltage[m->parent[e]];
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) {
        if (!touched[n]) continue;
        unsigned k = m->node[n];
        hx_lane *lane = &s->lane[n];
        lane->group = k != NO_NODE;
        lane->capacitance = k != NO_NODE ? m->capacitance[k] : 0.0;
        hx_compile_neuron(s, n);
        if (k != NO_NODE) s->block[n / LANES].v[n % LANES] = (float)(m->voltage[k] - lane->el);
    }
    s->groups = m->nodes;
    s->awake |= m->blocks;
}
