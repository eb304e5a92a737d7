"""Python values as TypeScript declarations."""

import json
import math
import re

from papermill.exceptions import PapermillException
from papermill.models import Parameter
from papermill.translators import Translator

# Integers beyond are not all numbers of JavaScript (Number.MAX_SAFE_INTEGER).
MAX_SAFE_INTEGER = 2**53 - 1

RESERVED = frozenset(
    "await break case catch class const continue debugger default delete do else enum export extends false finally "
    "for function if implements import in instanceof interface let new null package private protected public return "
    "static super switch this throw true try typeof var void while with yield".split()
)

# `let rho: number = 0.05; // the radius`
DECLARATION = re.compile(
    r"^\s*(?:const|let|var)\s+(?P<name>[\w$]+)\s*(?::\s*(?P<type>[^=]+?)\s*)?=\s*"
    r"(?P<value>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|.*?)\s*;?\s*(?://\s*(?P<help>.*))?$"
)


class TypeScriptTranslator(Translator):
    """Writes `const name: type = value;`; the type is wider than the value, so that the notebook may compare it."""

    @classmethod
    def translate_escaped_str(cls, str_val):
        text = json.dumps(str(str_val), ensure_ascii=False)
        return re.sub("[\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        return f"{val}n" if abs(val) > MAX_SAFE_INTEGER else f"{val}"

    @classmethod
    def translate_float(cls, val):
        if math.isfinite(val):
            return f"{val!r}"
        return "NaN" if math.isnan(val) else "Infinity" if val > 0 else "-Infinity"

    @classmethod
    def translate_list(cls, val):
        return f"[{', '.join(cls.translate(item) for item in val)}]"

    @classmethod
    def translate_dict(cls, val):
        if not val:
            return "{}"
        return f"{{ {', '.join(f'{cls._key(key)}: {cls.translate(item)}' for key, item in val.items())} }}"

    @classmethod
    def _key(cls, key):
        # Written plainly, this one would set the prototype.
        name = cls.translate_str(str(key))
        return f"[{name}]" if key == "__proto__" else name

    @classmethod
    def translate(cls, val):
        return cls.translate_list(val) if isinstance(val, (tuple, set, frozenset)) else super().translate(val)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        if not re.fullmatch(r"(?:[^\W\d]|\$)[\w$]*", name) or name in RESERVED:
            raise PapermillException(f"a parameter must have a name that TypeScript takes, got {name!r}")
        kind = _type_of(str_val)
        return f"const {name}: {kind} = {str_val};" if kind else f"const {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        found = (DECLARATION.match(line) for line in parameters_cell["source"].splitlines())
        return [
            Parameter(
                name=each["name"],
                inferred_type_name=each["type"] or _type_of(each["value"]) or "None",
                default=each["value"],
                help=each["help"] or "",
            )
            for each in found
            if each
        ]


def _type_of(literal):
    """The type of a literal, where TypeScript's own would be the one value, or any."""
    if literal == "null":
        return "any"
    if literal in ("true", "false"):
        return "boolean"
    if re.fullmatch(r"-?\d+n", literal):
        return "bigint"
    if re.fullmatch(r"-?(?:Infinity|NaN|[\d.][\d.e+-]*)", literal, re.IGNORECASE):
        return "number"
    return "string" if literal[:1] in ("'", '"', "`") else None
