"""The plane of bench/slices.mjs in torch: `slices.py plane.json loop|stacked`, one run for each line read."""
import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(2)
plane = json.load(open(sys.argv[1]))
x = torch.tensor(plane["x"])
y = torch.tensor(plane["y"])
theta = torch.tensor(plane["theta"])
d1, d2 = (torch.tensor(d) for d in plane["directions"])
grid = torch.linspace(-1, 1, plane["points"])


def unpack(points):
    """W1 [64, 32], b1, W2 [32, 10], b2 from the last axis."""
    parts = torch.split(points, [64 * 32, 32, 32 * 10, 10], dim=-1)
    lead = points.shape[:-1]
    return parts[0].reshape(*lead, 64, 32), parts[1], parts[2].reshape(*lead, 32, 10), parts[3]


@torch.no_grad()
def loop():
    losses = []
    for b in grid:
        for a in grid:
            w1, b1, w2, b2 = unpack(theta + a * d1 + b * d2)
            losses.append(F.cross_entropy(torch.relu(x @ w1 + b1) @ w2 + b2, y).item())
    return losses


@torch.no_grad()
def stacked(size=32):
    beta, alpha = torch.meshgrid(grid, grid, indexing="ij")
    points = theta + alpha.reshape(-1, 1) * d1 + beta.reshape(-1, 1) * d2
    losses = []
    for chunk in torch.split(points, size):
        w1, b1, w2, b2 = unpack(chunk)
        logits = torch.relu(x @ w1 + b1[:, None]) @ w2 + b2[:, None]
        each = F.cross_entropy(logits.flatten(0, 1), y.repeat(len(chunk)), reduction="none")
        losses += each.reshape(len(chunk), -1).mean(1).tolist()
    return losses


work = {"loop": loop, "stacked": stacked}[sys.argv[2]]
for _ in sys.stdin:
    start = time.perf_counter()
    work()
    print(time.perf_counter() - start, flush=True)
