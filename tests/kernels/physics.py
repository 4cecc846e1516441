"""Bodies under gravity, and the self-energies of quantum transport."""

import numpy as np

from .registry import kernel, normal, uniform


def getAcc(pos, mass, G, softening):
    # positions r = [x, y, z] for all particles
    x = pos[:, 0:1]
    y = pos[:, 1:2]
    z = pos[:, 2:3]
    # all pairwise separations: r_j - r_i
    dx = x.T - x
    dy = y.T - y
    dz = z.T - z
    inv_r3 = dx**2 + dy**2 + dz**2 + softening**2
    inv_r3[inv_r3 > 0] = inv_r3[inv_r3 > 0]**(-1.5)
    ax = G * (dx * inv_r3) @ mass
    ay = G * (dy * inv_r3) @ mass
    az = G * (dz * inv_r3) @ mass
    return np.hstack((ax, ay, az))


def getEnergy(pos, vel, mass, G):
    KE = 0.5 * np.sum(mass * vel**2)
    x = pos[:, 0:1]
    y = pos[:, 1:2]
    z = pos[:, 2:3]
    dx = x.T - x
    dy = y.T - y
    dz = z.T - z
    inv_r = np.sqrt(dx**2 + dy**2 + dz**2)
    inv_r[inv_r > 0] = 1.0 / inv_r[inv_r > 0]
    # each pair only once
    PE = G * np.sum(np.triu(-(mass * mass.T) * inv_r, 1))
    return KE, PE


# order 1: the distance of a body from itself is sqrt(0), whose derivatives are masked, but only in reverse mode
@kernel(uniform(4, 1), normal(4, 3), 0.1 * normal(4, 3, seed=1), 3, 0.05, 1.0, 0.1, out="pos vel")
def nbody(mass, pos, vel, Nt, dt, G, softening):
    # the centre of mass rests
    vel -= np.mean(mass * vel, axis=0) / np.mean(mass)
    acc = getAcc(pos, mass, G, softening)
    KE = np.ndarray(Nt + 1, dtype=np.float64)
    PE = np.ndarray(Nt + 1, dtype=np.float64)
    KE[0], PE[0] = getEnergy(pos, vel, mass, G)
    t = 0.0
    for i in range(Nt):
        vel += acc * dt / 2.0
        pos += vel * dt
        acc = getAcc(pos, mass, G, softening)
        vel += acc * dt / 2.0
        t += dt
        KE[i + 1], PE[i + 1] = getEnergy(pos, vel, mass, G)
    return KE, PE


@kernel(uniform(3), normal(3, 3), 0.1 * normal(3, 3, seed=1), 2, 0.05, out="pos vel")
def nbody_by_pairs(mass, pos, vel, steps, dt):
    n = len(mass)
    for _ in range(steps):
        for i in range(n):
            for j in range(i + 1, n):
                d = pos[i] - pos[j]
                mag = dt * (d @ d + 0.01) ** -1.5
                vel[i] -= d * mass[j] * mag
                vel[j] += d * mass[i] * mag
        for i in range(n):
            pos[i] += dt * vel[i]


@kernel(np.array([[0, 1], [1, 0], [0, 1]]), normal(3, 2, 2, 3), normal(2, 2, 3, 2, 2), normal(2, 2, 3, 2, 2, 2, 2),
        np.zeros((2, 2, 3, 2, 2)), out="Sigma")
def scattering_self_energies(neigh_idx, dH, G, D, Sigma):
    """With Sigma[k, E, a], G[k, E, b], D[q, w, a, b, i, j] and dH[a, b, i]; real, and with small matrices."""
    for k in range(G.shape[0]):
        for E in range(G.shape[1]):
            for q in range(D.shape[0]):
                for w in range(D.shape[1]):
                    for i in range(D.shape[-2]):
                        for j in range(D.shape[-1]):
                            for a in range(neigh_idx.shape[0]):
                                for b in range(neigh_idx.shape[1]):
                                    if E - w >= 0:
                                        dHG = G[k, E - w, neigh_idx[a, b]] * dH[a, b, i, j]
                                        dHD = dH[a, b, j, i] * D[q, w, a, b, i, j]
                                        Sigma[k, E, a] += dHG * dHD


@kernel(normal(5, 3), normal(5, seed=1))
def lennard_jones_by_pairs(pos, charge):
    energy = 0.0
    force = np.zeros_like(pos)
    for i in range(len(pos)):
        for j in range(i):
            d = pos[i] - pos[j]
            r2 = np.sum(d * d) + 0.5
            s6 = 1.0 / r2**3
            if r2 < 6.0:
                energy += 4.0 * (s6 * s6 - s6) + charge[i] * charge[j] / np.sqrt(r2)
                f = (48.0 * s6 * s6 - 24.0 * s6) / r2 * d
                force[i] += f
                force[j] -= f
    return energy, force
