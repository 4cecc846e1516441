"""A language model with one attention block, trained on a small text with gradients from srcdiff.

The text is what scikit-learn says about its data sets, some 45,000 characters of English. A transformer block (Vaswani et al.,
2017), with layer norm before its parts as in GPT-2, forecasts the next character from up to 32 before it. A tenth of the text
is held out. Run it with::

    python examples/attention.py
"""

import argparse
from importlib import resources
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

import srcdiff

WIDTH, HEADS, CONTEXT = 48, 4, 32
BATCH = 16
RATE = 6e-3


def layer_norm(p, x):
    centred = x - x.mean(axis=-1, keepdims=True)
    return p["scale"] * centred / np.sqrt(np.mean(centred**2, axis=-1, keepdims=True) + 1e-5) + p["shift"]


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention(p, x):
    """Causal attention with several heads: the result, and how much each place (row) attends to each other one."""
    batch, length, width = x.shape
    q, k, v = ((x @ p[name]).reshape(batch, length, HEADS, -1).transpose(0, 2, 1, 3) for name in ("W_q", "W_k", "W_v"))
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(width / HEADS)
    weights = softmax(np.where(np.tri(length, dtype=bool), scores, -np.inf))
    mixed = (weights @ v).transpose(0, 2, 1, 3).reshape(batch, length, width)
    return mixed @ p["W_o"], weights


def logits(params, tokens):
    """Scores of the character after each, and the weights of the attention."""
    x = params["embedding"][tokens] + params["position"][:tokens.shape[1]]
    mixed, weights = attention(params["attention"], layer_norm(params["norm_1"], x))
    x = x + mixed
    hidden = layer_norm(params["norm_2"], x) @ params["W_in"] + params["b_in"]
    x = x + np.maximum(hidden, 0.0) @ params["W_out"]
    return layer_norm(params["norm_3"], x) @ params["embedding"].T, weights


def loss(params, tokens):
    """Mean cross entropy, in bits, of all characters of the batch but the first of each row."""
    scores, _ = logits(params, tokens[:, :-1])
    following = tokens[:, 1:]
    scores = scores - scores.max(axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(scores), axis=-1))
    chosen = np.take_along_axis(scores, following[..., None], axis=-1)[..., 0]
    return np.mean(log_sum - chosen) / np.log(2.0)


def initial_params(rng, characters):
    def weights(n, m):
        return rng.normal(0.0, 1.0 / np.sqrt(n), (n, m))

    norms = {f"norm_{i}": {"scale": np.ones(WIDTH), "shift": np.zeros(WIDTH)} for i in (1, 2, 3)}
    return {"embedding": rng.normal(0.0, 0.1, (characters, WIDTH)), "position": rng.normal(0.0, 0.1, (CONTEXT, WIDTH)),
            "attention": {name: weights(WIDTH, WIDTH) for name in ("W_q", "W_k", "W_v", "W_o")},
            "W_in": weights(WIDTH, 4 * WIDTH), "b_in": np.zeros(4 * WIDTH), "W_out": weights(4 * WIDTH, WIDTH), **norms}


def load():
    """The alphabet, and the text as indices into it: for training, and held out (every tenth part of 500 characters)."""
    files = sorted(resources.files("sklearn.datasets.descr").iterdir(), key=lambda file: file.name)
    text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.name.endswith(".rst"))
    alphabet, tokens = np.unique(list(text), return_inverse=True)
    is_held_out = np.arange(len(tokens)) // 500 % 10 == 9
    return alphabet, tokens[~is_held_out], tokens[is_held_out]


def leaves(tree):
    for value in tree.values():
        if isinstance(value, dict):
            yield from leaves(value)
        else:
            yield value


def train(tokens, characters, steps, rng):
    """Adam (Kingma and Ba, 2015) on random pieces of the text; returns the parameters and the loss of each step."""
    params = initial_params(rng, characters)
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in leaves(params)]
    loss_and_grad = srcdiff.value_and_grad(loss)
    history = []
    progress = tqdm(range(1, steps + 1), unit="step")
    for step in progress:
        starts = rng.integers(0, len(tokens) - CONTEXT, (BATCH, 1))
        value, gradient = loss_and_grad(params, tokens[starts + np.arange(CONTEXT + 1)])
        rate = RATE * (1.0 - step / (steps + 1)) * np.sqrt(1.0 - 0.999**step) / (1.0 - 0.9**step)
        for p, g, (m, v) in zip(leaves(params), leaves(gradient), moments):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            p -= rate * m / (np.sqrt(v) + 1e-8)
        history.append(value)
        progress.set_postfix(bits=f"{np.mean(history[-50:]):.3f}", refresh=False)
    return params, history


def held_out(params, tokens):
    """The loss on text that was not trained on, in rows of the context's length."""
    rows = len(tokens) // (CONTEXT + 1)
    return loss(params, tokens[:rows * (CONTEXT + 1)].reshape(rows, -1))


def draw(params, history, alphabet, piece, path):
    plt.switch_backend("Agg")
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5), layout="constrained")
    left.plot(history)
    left.set(xlabel="step", title="bits for a character")
    _, weights = logits(params, piece[None])
    right.imshow(weights[0].max(axis=0), cmap="viridis")
    labels = [repr(str(c))[1:-1] for c in alphabet[piece]]
    right.set_xticks(range(len(piece)), labels, fontsize=7)
    right.set_yticks(range(len(piece)), labels, fontsize=7)
    right.set_title("what each character attends to (largest of the heads)")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the picture")
    parser.add_argument("--steps", type=int, default=1500)
    options = parser.parse_args(argv)

    alphabet, tokens, rest = load()
    params, history = train(tokens, len(alphabet), options.steps, np.random.default_rng(0))
    draw(params, history, alphabet, rest[:CONTEXT], options.out / "attention.png")
    frequency = (np.bincount(tokens, minlength=len(alphabet)) + 1.0) / (len(tokens) + len(alphabet))
    figures = {"bits": held_out(params, rest), "unigram": -np.mean(np.log2(frequency[rest]))}
    print(f"bits for a held-out character: {figures['bits']:.3f} ({figures['unigram']:.3f} from the frequencies alone); "
          f"in training: {np.mean(history[-50:]):.3f}")
    return figures


if __name__ == "__main__":
    main()
