"""The work of bench/engine.mjs in torch: `engine.py folder`, one line of JSON for each line of JSON read.

A line names a network, a piece of work and its form, if need be its dtype, and `per`: how many steps or points a call
makes. The answer is the seconds of one of them, the mean over as many calls as last 50 ms. θ, v, the directions and the data lie in the folder as float32, weights in
TensorFlow's order; they are brought into torch's own layout before anything is timed.
"""
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(2)
folder = Path(sys.argv[1])
RHO, RATE = 0.05, 0.01


def read(name, dtype=np.float32):
    return np.fromfile(folder / name, dtype)


def mlp(p, x):
    h = F.relu(F.linear(x, p[0], p[1]))
    h = F.relu(F.linear(h, p[2], p[3]))
    return F.linear(h, p[4], p[5])


def cnn(p, x):
    h = F.max_pool2d(F.relu(F.conv2d(x, p[0], p[1])), 2)
    h = F.relu(F.conv2d(h, p[2], p[3]))
    return F.linear(h.flatten(1), p[4], p[5])


def tiny(p, x):
    h = torch.tanh(F.linear(x, p[0], p[1]))
    h = torch.tanh(F.linear(h, p[2], p[3]))
    return F.linear(h, p[4], p[5])


FORWARD = {"mlp": mlp, "cnn": cnn, "tiny": tiny}


def sequential(name):
    """The same as the modules one usually writes."""
    linear, relu, tanh = torch.nn.Linear, torch.nn.ReLU, torch.nn.Tanh
    layers = {
        "mlp": lambda: [linear(784, 128), relu(), linear(128, 64), relu(), linear(64, 10)],
        "tiny": lambda: [linear(2, 16), tanh(), linear(16, 16), tanh(), linear(16, 1)],
        "cnn": lambda: [
            *(torch.nn.Conv2d(1, 16, 3), relu(), torch.nn.MaxPool2d(2), torch.nn.Conv2d(16, 32, 3), relu()),
            *(torch.nn.Flatten(), linear(3872, 10)),
        ],
    }
    return torch.nn.Sequential(*layers[name]())


class Network:
    """A network with its data; parameters as a list in torch's layout, or flat in that order."""

    def __init__(self, name, dtype):
        meta = json.loads((folder / f"{name}.json").read_text())
        self.name, self.shapes, self.dtype = name, [tuple(s) for s in meta["shapes"]], dtype
        # The last kernel reads what was [height, width, channels] to TensorFlow and is [channels, height, width] here.
        self.flattened = meta.get("flattened")
        x = torch.from_numpy(read(f"{name}.x").reshape([-1, *meta["input"]])).to(dtype)
        self.x = x.permute(0, 3, 1, 2).contiguous() if x.dim() == 4 else x
        y = torch.from_numpy(read(f"{name}.y"))
        self.classes = meta["classes"]
        self.y = y.long() if self.classes else y.reshape(-1, 1).to(dtype)
        self.theta, self.v, self.d1, self.d2 = (self.flat(f"{name}.{part}") for part in ("theta", "v", "d1", "d2"))
        self.torch_shapes = [p.shape for p in self.parts(read(f"{name}.theta"))]
        self.sizes = [s.numel() for s in self.torch_shapes]
        self.batch = torch.from_numpy(read(f"{name}.batch", np.int32)).long()
        self.trained = meta["trained"]
        self.sliced = self.x[: meta["sliced"]], self.y[: meta["sliced"]]
        self.params = [p.clone().requires_grad_() for p in self.split(self.theta)]
        self.vector = [p.clone() for p in self.split(self.v)]
        self.xb, self.yb = self.x[self.batch], self.y[self.batch]

    def parts(self, numbers):
        offset, parts = 0, []
        for shape in self.shapes:
            size = int(np.prod(shape))
            p = torch.from_numpy(numbers[offset : offset + size].reshape(shape)).to(self.dtype)
            if len(shape) == 4:
                p = p.permute(3, 2, 0, 1)
            if len(shape) == 2:
                if self.flattened and shape[0] == np.prod(self.flattened):
                    p = p.reshape(*self.flattened, shape[1]).permute(2, 0, 1, 3).reshape(shape)
                p = p.T
            parts.append(p.contiguous())
            offset += size
        return parts

    def flat(self, file):
        return torch.cat([p.flatten() for p in self.parts(read(file))])

    def split(self, theta):
        return [p.view(s) for p, s in zip(theta.split(self.sizes), self.torch_shapes)]

    def cost(self, output, y):
        return F.cross_entropy(output, y) if self.classes else F.mse_loss(output, y)

    def loss(self, params, x, y):
        return self.cost(FORWARD[self.name](params, x), y)

    def model(self):
        model = sequential(self.name).to(self.dtype)
        torch.nn.utils.vector_to_parameters(self.theta.clone(), model.parameters())
        return model


def gradient_module(n):
    """As in every training loop; the batch lies ready."""
    model = n.model()

    def call():
        model.zero_grad()
        loss = n.cost(model(n.xb), n.yb)
        loss.backward()
        return loss.item()

    return call


def gradient_functional(n):
    """Functions of tensors that lie ready: the least torch can do."""

    def call():
        loss = n.loss(n.params, n.xb, n.yb)
        torch.autograd.grad(loss, n.params)
        return loss.item()

    return call


def gradient_flat(n):
    """What loss.gradient(theta, batch) does: flat θ and row numbers in, value and flat gradient out."""
    theta, batch = n.theta.numpy(), n.batch.numpy()

    def call():
        params = [p.requires_grad_() for p in n.split(torch.from_numpy(theta))]
        rows = torch.from_numpy(batch)
        loss = n.loss(params, n.x[rows], n.y[rows])
        gradient = torch.cat([g.flatten() for g in torch.autograd.grad(loss, params)])
        return loss.item(), gradient.numpy()

    return call


def product(loss, params, v):
    gradient = torch.autograd.grad(loss, params, create_graph=True)
    return torch.autograd.grad(gradient, params, grad_outputs=v)


def hvp_module(n):
    model = n.model()
    params = list(model.parameters())
    return lambda: product(n.cost(model(n.xb), n.yb), params, n.vector)


def hvp_functional(n):
    return lambda: product(n.loss(n.params, n.xb, n.yb), n.params, n.vector)


def hvp_flat(n):
    theta, v, batch = n.theta.numpy(), n.v.numpy(), n.batch.numpy()

    def call():
        params = [p.requires_grad_() for p in n.split(torch.from_numpy(theta))]
        rows = torch.from_numpy(batch)
        h = product(n.loss(params, n.x[rows], n.y[rows]), params, n.split(torch.from_numpy(v)))
        return torch.cat([part.flatten() for part in h]).numpy()

    return call


def sam_steps(n, steps):
    """SAM as its widely used torch implementation has it (davda54/sam), over shuffled batches, losses recorded."""

    def call():
        model = n.model()
        params = list(model.parameters())
        base = torch.optim.SGD(params, lr=RATE)
        losses = []
        size = len(n.batch)
        per_epoch = n.trained // size
        for step in range(steps):
            if step % per_epoch == 0:
                order = torch.randperm(n.trained)
            rows = order[step % per_epoch * size :][:size]
            x, y = n.x[rows], n.y[rows]
            losses.append(sam_step(n, model, params, base, x, y))
        return losses

    return call


def sam_step(n, model, params, base, x, y):
    loss = n.cost(model(x), y)
    loss.backward()
    with torch.no_grad():
        norm = torch.norm(torch.stack([p.grad.norm(p=2) for p in params]), p=2)
        scale = RHO / (norm + 1e-12)
        before = [p.data.clone() for p in params]
        for p in params:
            p.add_(p.grad * scale)
    base.zero_grad()
    n.cost(model(x), y).backward()
    with torch.no_grad():
        for p, old in zip(params, before):
            p.data = old
    base.step()
    base.zero_grad()
    return loss.item()


def grid(points):
    line = torch.linspace(-1, 1, points)
    beta, alpha = torch.meshgrid(line, line, indexing="ij")
    return alpha.reshape(-1, 1), beta.reshape(-1, 1)


def plane_loop(n, points):
    alpha, beta = grid(points)

    @torch.no_grad()
    def call():
        return [n.loss(n.split(n.theta + a * n.d1 + b * n.d2), *n.sliced).item() for a, b in zip(alpha, beta)]

    return call


def plane_vmap(n, points, size=256):
    alpha, beta = grid(points)
    at = torch.func.vmap(lambda theta: n.loss(n.split(theta), *n.sliced))

    @torch.no_grad()
    def call():
        chunks = zip(alpha.split(size), beta.split(size))
        return [value for a, b in chunks for value in at(n.theta + a * n.d1 + b * n.d2).tolist()]

    return call


def plane_stacked(n, points, size=128):
    """Batched products written by hand, for tiny: [points, rows, units]."""
    alpha, beta = grid(points)
    x, y = n.sliced

    def layer(p, k, h):
        return torch.baddbmm(p[k + 1].unsqueeze(1), h, p[k].transpose(1, 2))

    @torch.no_grad()
    def call():
        values = []
        for a, b in zip(alpha.split(size), beta.split(size)):
            theta = n.theta + a * n.d1 + b * n.d2
            p = [part.reshape(len(a), *s) for part, s in zip(theta.split(n.sizes, 1), n.torch_shapes)]
            h = torch.tanh(layer(p, 0, x.expand(len(a), -1, -1)))
            h = torch.tanh(layer(p, 2, h))
            values += (layer(p, 4, h) - y).square().mean((1, 2)).tolist()
        return values

    return call


WORK = {
    ("gradient", "module"): gradient_module,
    ("gradient", "functional"): gradient_functional,
    ("gradient", "flat"): gradient_flat,
    ("hvp", "module"): hvp_module,
    ("hvp", "functional"): hvp_functional,
    ("hvp", "flat"): hvp_flat,
    ("sam", "module"): sam_steps,
    ("plane", "loop"): plane_loop,
    ("plane", "vmap"): plane_vmap,
    ("plane", "stacked"): plane_stacked,
}


def seconds(call, count):
    start = time.perf_counter()
    for _ in range(count):
        call()
    return time.perf_counter() - start


def enough(call):
    """How many calls last 50 ms, once they are warm."""
    spent = 0
    while spent < 0.5:
        spent += seconds(call, 1)
    count = 1
    while seconds(call, count) < 0.05:
        count *= 2
    return count


networks, calls = {}, {}


def answer(line):
    ask = json.loads(line)
    key = ask["network"], ask.get("dtype", "float32")
    if key not in networks:
        networks[key] = Network(key[0], getattr(torch, key[1]))
    n = networks[key]
    if ask["work"] == "check":
        return check(n)
    if line not in calls:
        sizes = [ask[k] for k in ("steps", "points") if k in ask]
        call = WORK[ask["work"], ask["form"]](n, *sizes)
        calls[line] = call, enough(call)
    call, count = calls[line]
    return seconds(call, count) / count / ask.get("per", 1)


def check(n):
    """What shows that both sides do the same work: the loss of the batch, uᵀg, uᵀHv and a corner of the plane."""
    loss = n.loss(n.params, n.xb, n.yb)
    gradient = torch.autograd.grad(loss, n.params, retain_graph=True)
    h = product(loss, n.params, n.vector)
    curvature = sum((g * v).sum() for g, v in zip(h, n.vector)).item()
    return {
        "loss": loss.item(),
        "slope": sum((g * v).sum() for g, v in zip(gradient, n.vector)).item(),
        "curvature": curvature,
        "curvatureInFloat64": curvature,
        "module": n.cost(n.model()(n.xb), n.yb).item(),
        "corner": plane_loop(n, 2)()[0],
    }


for line in sys.stdin:
    print(json.dumps(answer(line)), flush=True)
