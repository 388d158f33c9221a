"""PyTorch files: a tensor, or a dict of tensors, numbers and lists of names. torch is imported when one is read.

Does not know what the tensors mean. The pickle inside is scanned, not run, before torch sees it: torch's own list of
harmless names still holds calls that allocate as much memory as a file asks for.
"""

import pickletools
import struct
import zipfile
from pickle import UnpicklingError  # torch's reader raises it; nothing is unpickled here

from dashboard.errors import InputError
from dashboard.inputs.formats.archives import open_archive
from dashboard.inputs.formats.files import Reading, SourceFile
from dashboard.inputs.formats.nested import number_array, text_array
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import printable, quoted

_CONVERT = "save it with torch.save(tensor, path) or torch.save({'scores': tensor, 'labels': tensor}, path)"
_HARMLESS = {
    "collections OrderedDict",
    "torch Size",
    "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_tensor_v3",
    "torch._utils _rebuild_parameter",
    "torch.storage UntypedStorage",
}
_NOT_PLAIN = {
    "_rebuild_sparse_tensor": "a sparse tensor",
    "_rebuild_sparse_csr_tensor": "a sparse tensor",
    "_rebuild_nested_tensor": "a nested tensor",
    "_rebuild_qtensor": "a quantized tensor",
    "_rebuild_meta_tensor_no_storage": "a tensor without values (device 'meta')",
    "_rebuild_wrapper_subclass": "a subclass of a tensor",
    "_rebuild_from_type_v2": "a subclass of a tensor",
    "_reconstruct": "a NumPy array",
    "scalar": "a NumPy number",
}
_SCALAR_TYPES = ("float16", "float32", "float64", "bfloat16", "bool")
_INTEGER_TYPES = ("uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64")
_NEVER_CALLED = {"INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "STACK_GLOBAL", "EXT1", "EXT2", "EXT4"}


def read_pt(file: SourceFile, limits: Limits) -> Reading:
    """The tensors of a .pt file as arrays; bfloat16 becomes float32, exactly. A lone tensor is named ""."""
    _scan(file, limits)
    content = _loaded(file)
    if not isinstance(content, dict):
        return Reading({"": _array(content, str(file), limits)})
    _check_total(content, file, limits)
    arrays, notes = {}, []
    for key, value in content.items():
        what = f"{quoted(key)} in {file}"
        if isinstance(value, (str, bytes)) or value is None or (isinstance(value, (dict, list, tuple)) and not value):
            notes.append(f"{what} holds neither numbers nor a list of names and was left out.")
        else:
            arrays[printable(key)] = _array(value, what, limits)
    if not arrays:
        raise InputError(f"{file} must hold a tensor or a dict of tensors, but holds none: {_CONVERT}.")
    return Reading(arrays, notes=tuple(notes))


def _check_total(content, file, limits):
    n_bytes = sum(value.numel() * value.element_size() for value in content.values() if hasattr(value, "element_size"))
    if len(content) > limits.max_members or n_bytes > limits.max_array_bytes:  # tensors may share one small storage
        raise InputError(
            f"{file} must hold at most {limits.max_members:,} tensors of {as_size(limits.max_array_bytes)} "
            "together, but holds "
            f"{len(content):,} of {as_size(n_bytes)}: save the scores and labels alone."
        )


def _scan(file, limits):
    with open_archive(file, limits) as archive:
        if any(member.compress_type != zipfile.ZIP_STORED for member in archive.members):
            raise InputError(f"{file} must be stored uncompressed, as torch.save does, but is packed: {_CONVERT}.")
        for member in archive.members:
            if member.filename.endswith(".pkl"):
                _scan_pickle(_pickle_bytes(archive, member, file, limits), file)


def _pickle_bytes(archive, member, file, limits):
    if member.file_size > limits.max_header_bytes:
        raise InputError(f"{file} must hold tensors and short lists, but holds large Python objects: {_CONVERT}.")
    return archive.open(member).read(member.file_size)


def _scan_pickle(pickled, file):
    try:
        for opcode, argument, _ in pickletools.genops(pickled):
            if opcode.name in _NEVER_CALLED or (opcode.name == "GLOBAL" and not _is_harmless(argument)):
                raise InputError(_refusal(file, argument))
    except (ValueError, struct.error) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{file} must be a complete .pt file, but is damaged ({error}): {_CONVERT}.") from None


def _is_harmless(name):
    module, _, attribute = name.partition(" ")
    storage = module == "torch" and attribute.endswith("Storage") and attribute.isidentifier()
    return storage or name in _HARMLESS or (module == "torch" and attribute in _SCALAR_TYPES + _INTEGER_TYPES)


def _refusal(file, name):
    attribute = str(name).rpartition(" ")[2]
    if attribute in _NOT_PLAIN:
        found = f"holds {_NOT_PLAIN[attribute]}: convert it, e.g. with .to_dense() or torch.from_numpy, and {_CONVERT}"
    else:
        found = f"asks for Python code ({quoted(name)}), which is never run: {_CONVERT}"
    return f"{file} must hold plain tensors, but {found}."


def _loaded(file):
    import torch

    file.handle.seek(0)
    try:
        return torch.load(file.handle, map_location="cpu", weights_only=True)
    except (
        UnpicklingError,
        RuntimeError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        EOFError,
        OSError,
        OverflowError,
        struct.error,
    ) as error:
        reason = printable(str(error).partition("\n")[0])
        raise InputError(
            f"{file} must be a complete .pt file of tensors, but PyTorch cannot load it ({reason}): {_CONVERT}."
        ) from None


def _array(value, what, limits):
    import torch

    if isinstance(value, torch.Tensor):
        return _tensor_array(value, what, limits)
    if isinstance(value, (bool, int, float)):
        value = [value]
    if isinstance(value, (list, tuple)) and len({type(element) for element in value}) == 1:
        if isinstance(value[0], str):
            return text_array(value, what, limits)
        if isinstance(value[0], (bool, int, float)):
            return number_array(list(value), what)
    raise InputError(
        f"{what} must be a tensor, a list of names or a list of numbers, but is of Python type "
        f"{type(value).__name__}: {_CONVERT}."
    )


def _tensor_array(tensor, what, limits):
    import torch

    dtype = str(tensor.dtype).removeprefix("torch.")
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.device.type != "cpu" or tensor.is_nested:
        raise InputError(f"{what} must be a plain dense tensor with values, but is not: {_CONVERT}.")
    if dtype not in _SCALAR_TYPES + _INTEGER_TYPES:
        raise InputError(f"{what} must be of real numbers or booleans, but is of {dtype}: save tensor.float().")
    limits.check_shape(tuple(tensor.shape), max(tensor.element_size(), 4 if dtype == "bfloat16" else 1), what)
    stored, claimed = tensor.untyped_storage().nbytes(), tensor.numel() * tensor.element_size()
    if stored < claimed:
        raise InputError(
            f"{what} must store each of its {tensor.numel():,} values, but stores {stored:,} of {claimed:,} bytes "
            "(an expanded view): save tensor.contiguous()."
        )
    plain = tensor.detach().resolve_neg()
    array = plain.float().numpy() if dtype == "bfloat16" else plain.numpy()
    # A tensor that is a small part of its storage would keep all of it alive.
    return array if array.flags.c_contiguous and stored == claimed else array.copy()
