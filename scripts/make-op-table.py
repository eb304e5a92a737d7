"""
Makes src/engine/graph/opTable.json: what every TensorFlow op takes, gives and is told, asked of the library that
npm run setup unpacks below .native. Run it again when that library changes:

    python3 scripts/make-op-table.py

One op a line, as text: inputs -> outputs | attributes, each `name:type`. A type is a number of DataType
(tensorflow/core/framework/types.proto) or the name of the attribute that holds it; `N*T` is N tensors of type T, `[T]`
one tensor for each type of the list T. A leading `!` marks a stateful op, a `?` an attribute that has a default.
"""

import ctypes
import glob
import json
import os

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
TARGET = os.path.join(ROOT, 'src', 'engine', 'graph', 'opTable.json')
# DT_RESOURCE and DT_VARIANT: state outside of a graph of plain numbers.
OPAQUE = {20, 21}


class Buffer(ctypes.Structure):
    _fields_ = [('data', ctypes.c_void_p), ('length', ctypes.c_size_t), ('deallocator', ctypes.c_void_p)]


def op_list():
    """The bytes of the OpList of TensorFlow's C API."""
    folder = sorted(glob.glob(os.path.join(ROOT, '.native', 'tensorflow-*')))[-1]
    for name in ('framework', 'cc'):
        path = glob.glob(os.path.join(folder, f'libtensorflow_{name}.*'))[0]
        library = ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)
    library.TF_GetAllOpList.restype = ctypes.POINTER(Buffer)
    found = library.TF_GetAllOpList().contents
    return ctypes.string_at(found.data, found.length)


def varint(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def fields(data):
    """(field number, value) of a protobuf message: an int, or the bytes of what is longer."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = {1: (8, at), 5: (4, at)}.get(key & 7) or varint(data, at)
            value, at = data[at : at + size], at + size
        yield key >> 3, value


def argument(message):
    """OpDef.ArgDef as text, whether a graph of plain numbers can hold it."""
    arg = dict(fields(message))
    text = lambda number: arg[number].decode()
    kind = text(4) if 4 in arg else f'[{text(6)}]' if 6 in arg else str(arg.get(3, 0))
    if 5 in arg:
        kind = f'{text(5)}*{kind}'
    plain = arg.get(3) not in OPAQUE and not arg.get(16)
    return f'{text(1)}:{kind}', plain


def attribute(message):
    """OpDef.AttrDef as text, and whether its kind fits into a graph without functions."""
    attr = dict(fields(message))
    kind = attr[2].decode()
    return f'{attr[1].decode()}:{kind}{"?" if 3 in attr else ""}', kind not in ('func', 'list(func)')


def line(message):
    """(name, text) of an OpDef; no text for an op that is left out."""
    parts = list(fields(message))
    of = lambda number: [value for key, value in parts if key == number]
    inputs, outputs = [argument(m) for m in of(2)], [argument(m) for m in of(3)]
    attributes = [attribute(m) for m in of(4)]
    join = lambda pairs: ' '.join(text for text, _ in pairs)
    text = f'{"!" if any(of(17)) else ""}{join(inputs)} -> {join(outputs)} | {join(attributes)}'
    return of(1)[0].decode(), text if all(plain for _, plain in inputs + outputs + attributes) else None


def main():
    table = dict(line(message) for key, message in fields(op_list()) if key == 1)
    # A name with an underscore in front is TensorFlow's own, written by its optimizers.
    table = {name: table[name] for name in sorted(table) if table[name] is not None and name[0] != '_'}
    with open(TARGET, 'w') as file:
        file.write(json.dumps(table, indent=2, ensure_ascii=False) + '\n')
    print(f'{len(table)} ops, {os.path.getsize(TARGET)} bytes')


main()
