"""LSTM layers beside PyTorch's: time of a step of learning and of a pass without, and the loss after
the steps, with the same weights, data and optimiser, in turn.
usage: compare.py DRIVER [--steps N] [--rounds N] [--threads N]"""
import argparse
import subprocess
import time

import torch
from record import record

SHAPES = [(2, 64, 8), (2, 128, 8), (1, 32, 8)]
BATCH, LENGTH = 256, 52


def numbers(n, seed, scale):
    i = torch.arange(n, dtype=torch.int64)
    return (((i * 37 + seed * 11) % 101 - 50).to(torch.float32) / 50 * scale)


def theirs(layers, hidden, inputs, steps):
    lstm, head = torch.nn.LSTM(inputs, hidden, layers), torch.nn.Linear(hidden, 1)
    sizes = [(inputs if l == 0 else hidden) + hidden + 1 for l in range(layers)]
    w = numbers(sum(s * 4 * hidden for s in sizes) + hidden + 1, 1, 0.1)
    at = 0
    with torch.no_grad():
        for l, s in enumerate(sizes):
            own = w[at:at + s * 4 * hidden].reshape(s, 4 * hidden)
            at += s * 4 * hidden
            getattr(lstm, f"weight_ih_l{l}").copy_(own[:s - hidden - 1].T)
            getattr(lstm, f"weight_hh_l{l}").copy_(own[s - hidden - 1:-1].T)
            getattr(lstm, f"bias_ih_l{l}").copy_(own[-1])
            getattr(lstm, f"bias_hh_l{l}").zero_().requires_grad_(False)
        head.weight.copy_(w[at:at + hidden].reshape(1, hidden))
        head.bias.copy_(w[at + hidden:])
    for l in range(layers):
        getattr(lstm, f"bias_hh_l{l}").requires_grad_(False)
    x = numbers(LENGTH * BATCH * inputs, 2, 1).reshape(LENGTH, BATCH, inputs)
    y = numbers(LENGTH * BATCH, 3, 1).reshape(LENGTH, BATCH)
    adam = torch.optim.Adam([p for m in (lstm, head) for p in m.parameters() if p.requires_grad], lr=0.001)

    def step():
        adam.zero_grad()
        loss = (head(lstm(x)[0])[..., 0] - y).abs().mean()
        loss.backward()
        adam.step()
        return loss.item()

    def timed(work):
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(steps):
            said = work()
        return (time.process_time() - cpu) / steps, (time.perf_counter() - wall) / steps, said

    step()
    with torch.inference_mode():
        head(lstm(x)[0])
    train = timed(step)
    with torch.inference_mode():
        infer = timed(lambda: head(lstm(x)[0]))
    return train[:2] + infer[:2] + (train[2],)


def ours(driver, layers, hidden, inputs, steps, threads):
    line = [driver, layers, hidden, inputs, BATCH, LENGTH, steps + 1, threads]
    said = subprocess.run([str(w) for w in line], check=True, capture_output=True, text=True).stdout.split()
    return tuple(float(said[k]) for k in (1, 2, 4, 5, 7))


def billions(layers, hidden, inputs):
    """Multiplications and additions of a pass; a step of learning has three times as many, but that
    nobody asks what became of the inputs."""
    sizes = [(inputs if l == 0 else hidden) + hidden for l in range(layers)]
    once = 8e-9 * BATCH * LENGTH * hidden * sum(sizes)
    return once, 3 * once - 8e-9 * BATCH * LENGTH * hidden * inputs


parser = argparse.ArgumentParser()
parser.add_argument("driver")
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--threads", type=int, default=1)
args = parser.parse_args()
torch.set_num_threads(args.threads)
print(f"PyTorch {torch.__version__}, batch {BATCH}, length {LENGTH}, threads {args.threads}; milliseconds of "
      f"processor and clock, the least of {args.rounds} rounds in turn; GF: 1e9 operations of products a second of "
      "processor")
print("| layers x cells | | PyTorch cpu | clock | GF | ours cpu | clock | GF | ratio cpu | clock | loss, PyTorch "
      "| ours |")
print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
for layers, hidden, inputs in SHAPES:
    rounds = [(theirs(layers, hidden, inputs, args.steps), ours(args.driver, layers, hidden, inputs, args.steps, args.threads))
              for _ in range(args.rounds)]
    a, b = (tuple(min(r[side][k] for r in rounds) for k in range(5)) for side in (0, 1))
    for name, k in (("a step of learning", 0), ("a pass", 2)):
        record(f"{layers} layers of {hidden} cells, {name}", "CPU ms", [1e3 * r[1][k] for r in rounds], "PyTorch",
               [1e3 * r[0][k] for r in rounds])
    infer, train = billions(layers, hidden, inputs)
    for name, k, work in (("train", 0, train), ("infer", 2, infer)):
        print(f"| {layers} x {hidden} | {name} | {1e3 * a[k]:.1f} | {1e3 * a[k + 1]:.1f} | {work / a[k]:.0f} "
              f"| {1e3 * b[k]:.1f} | {1e3 * b[k + 1]:.1f} | {work / b[k]:.0f} | {a[k] / b[k]:.2f} "
              f"| {a[k + 1] / b[k + 1]:.2f} | {a[4]:.5f} | {b[4]:.5f} |")
