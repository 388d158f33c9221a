"""The text of an exported training program with places to fill: <<name>>. Knows nothing of plans."""

SCRIPT = '''"""Trains <<title>> as the multi-label dashboard did, with nothing of it but the text below.

    python train.py --data data.npz -o retrained

data.npz holds inputs and labels (1, 0, -1 unknown) of the parts train, validation and test. Written are the logits of
validation and test and the weights, all after epoch <<kept_epoch>> of <<n_epochs>>. Needs torch, numpy and safetensors.
On a CPU the numbers are the dashboard's up to rounding.
"""

<<imports>>

SEED, BATCH_SIZE, N_EPOCHS, KEPT_EPOCH = <<seed>>, <<batch_size>>, <<n_epochs>>, <<kept_epoch>>
DTYPE = torch.<<dtype>>
DEVICE = torch.device(<<device>>)


# The loss: its mean over what counts in a batch.


<<loss>>


def mean_loss(logits, given, counts):
    """given: labels, below 0 where unknown. counts: of the whole training part."""
    known = given >= 0
    counted = <<counted>>
    kept = torch.where(<<kept_cells>>, logits, 0.0)
    cells = Cells(kept, torch.where(known, given, 0), known, counts)
    values = <<function>>(cells<<arguments>>)
    return <<mean>>


# The model.


<<model>>


# The same initial weights and batches as in the dashboard.


<<helpers>>


def make_model():
    torch.manual_seed(seed_for(SEED, "initial weights"))
    model = <<make_model>>
    return model.to(DEVICE, DTYPE)


<<dropout>>def learning_rate(step, n_steps):
<<learning_rate>>


def train(model, inputs, labels):
    """inputs, labels: arrays of the training part."""
    counts_device = DEVICE if DEVICE.type == "cuda" else "cpu"
    known = torch.from_numpy(labels).to(counts_device)
    counts = ClassCounts.of((known == 1).sum(0), (known >= 0).sum(0))
    inputs, targets = (torch.from_numpy(each).to(DEVICE, DTYPE) for each in (inputs, labels))
    optimiser = <<optimiser>>
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    n_batches, step = -(-len(inputs) // BATCH_SIZE), 0
<<use_dropout>>    for epoch in range(1, KEPT_EPOCH + 1):
        losses = []
        for rows in torch.from_numpy(batch_order(len(inputs), SEED, epoch)).to(DEVICE).split(BATCH_SIZE):
            optimiser.param_groups[0]["lr"] = learning_rate(step, N_EPOCHS * n_batches)
            optimiser.zero_grad(set_to_none=False)
<<draw>><<forward>>
            loss = mean_loss(logits, targets[rows], counts)
            if loss.requires_grad:
                loss.backward()
<<clip>>            optimiser.step()
            losses.append(loss.item())
            step += 1
        print(f"epoch {epoch} of {N_EPOCHS}: loss {np.mean(losses):.6f}", flush=True)


def scores(model, inputs):
    """float32 (n_samples, n_classes): logits of which the sigmoid is what the model says."""
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(block.to(DEVICE, DTYPE)) for block in torch.from_numpy(inputs).split(256)]).cpu()
    return <<scores>>.float().numpy()


def main():
    here = Path(__file__).resolve().parent
    beside = next((folder for folder in (here, here.parent) if (folder / "data.npz").exists()), here)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=beside / "data.npz")
    parser.add_argument("-o", "--output", type=Path, default=Path("retrained"))
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with np.load(options.data) as data:
        model = make_model()
        train(model, data["train_inputs"], data["train_labels"])
        for part in ("validation", "test"):
            found = {"logits": scores(model, data[f"{part}_inputs"]), "labels": data[f"{part}_labels"]}
            np.savez(options.output / f"{part}.npz", **found, class_names=data["class_names"])
    weights = {name: each.detach().cpu().contiguous() for name, each in model.named_parameters()}
    save_file(weights, options.output / "weights.safetensors")


if __name__ == "__main__":
    main()
'''

DROPOUT = '''class StepDropout(nn.Module):
    """Masks drawn from seed and step alone, one after the other in the order of the layers."""

    generator = None

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.empty(<<shape>>, dtype=x.dtype, device=x.device)
        return x * kept.bernoulli_(1 - <<share>>, generator=self.generator).div_(1 - <<share>>)<<turned>>


def use_step_dropout(model):
    dropout = StepDropout()
    for module in list(model.modules()):
        if hasattr(module, "dropout"):
            module.dropout = dropout
    return dropout


'''

FORWARD = "            logits = model(inputs[rows])"
MIXED = """            with torch.autocast("cuda", torch.bfloat16):
                logits = model(inputs[rows])
            logits = logits.to(DTYPE)"""

ADAM = (
    "torch.optim.<<kind>>(\n"
    '        model.parameters(), weight_decay=<<decay>>, fused=DEVICE.type in ("cpu", "cuda")\n'
    "    )"
)
SGD = (
    "torch.optim.<<kind>>(\n"
    "        model.parameters(),\n"
    "        lr=1.0,\n"
    "        momentum=<<momentum>>,\n"
    "        weight_decay=<<decay>>,\n"
    '        fused=DEVICE.type in ("cpu", "cuda"),\n'
    "    )"
)

DEVICES = {
    "cpu": '"cpu"',
    "cuda": '"cuda"',
    "mps": '"mps"',
    "auto": '"cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"',
}
