"""Exact arithmetic on an expression, safe from code.

Must stay true: only the nodes named here are ever computed, nothing is called by name but the functions in
`FUNCTIONS`, and no number grows beyond `DIGITS` digits: its size is estimated before it is computed.
Fractions are exact; roots and the like have `PRECISION` digits.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction

from services.kit import Refusal

LENGTH = 500
"""Characters of an expression."""
DIGITS = 1_000
"""Of the largest number, before or after the point, that is computed."""
PRECISION = 40
SHOWN = 10
"""Significant digits of what can't be written exactly."""

ROOT = Context(prec=PRECISION)
PI = Fraction("3.14159265358979323846264338327950288419716939937510")
E = Fraction("2.71828182845904523536028747135266249775724709369995")
NAMES = {"pi": PI, "e": E}
LARGEST_EXPONENT = 100_000
TOKENS = re.compile(r"(?:\d+|\*\*?|//?|[+%()\s-]|\b(?:pi|e|sqrt|cbrt|abs|factorial|round|ln|log)\b)+")
"""All that may be in an expression before Python's own parser sees it."""


def evaluate(expression: str) -> Fraction:
    """The value of an expression in symbols. Refuses whatever is none, and numbers without measure."""
    if len(expression) > LENGTH:
        raise Refusal(f"That is too long to calculate: at most {LENGTH} characters.")
    unreadable = Refusal(f"I can't calculate {expression.strip()[:80]!r}.")
    text = as_python(expression)
    if not TOKENS.fullmatch(text):
        raise unreadable
    try:
        return value(ast.parse(text.strip(), mode="eval").body)
    except ZeroDivisionError as error:
        raise Refusal("Nothing can be divided by zero.") from error
    except (SyntaxError, ValueError, ArithmeticError, MemoryError, RecursionError) as error:
        raise unreadable from error


def as_python(expression: str) -> str:
    """The written forms that Python has not: 5!, sqrt 2, 3(4), 2^3, 7 mod 3; decimals as exact fractions."""
    text = re.sub(r"(\d+|\([^()]*\))\s*!", r"factorial(\1)", expression)
    text = re.sub(r"\b(sqrt|cbrt|log|ln)\s+(-?\s*[\d.]+)", r"\1(\2)", text)
    text = re.sub(r"\b(sqrt|cbrt|log|ln)\s+\(", r"\1(", text)
    text = text.replace("^", "**").replace(" mod ", " % ")
    text = re.sub(r"(?<=[\d)])\s*(?=\(|pi\b|sqrt\b|cbrt\b)|(?<=\))\s*(?=\d)", "*", text)
    text = re.sub(r"(\d*)\.(\d+)", lambda m: f"({m[1]}{m[2]}/{10 ** len(m[2])})", text)
    return re.sub(r"(?<!\d)0+(?=\d)", "", text)


def value(node: ast.expr) -> Fraction:
    """One node of the tree."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return sized(Fraction(node.value))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return sized(OPERATIONS[type(node.op)](value(node.left), value(node.right)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = value(node.operand)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.Name) and node.id in NAMES:
        return NAMES[node.id]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords and len(node.args) == 1:
        function = FUNCTIONS.get(node.func.id)
        if function is not None:
            return sized(function(value(node.args[0])))
    raise SyntaxError(ast.dump(node)[:80])


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """Base to the exponent: exact for whole exponents, else through logarithms."""
    if base in {0, 1} and exponent >= 0:
        return base if exponent else Fraction(1)
    if abs(exponent) > LARGEST_EXPONENT:
        refuse_if_longer(math.inf)
    refuse_if_longer(abs(float(exponent)) * math.log10(max(abs(base.numerator), base.denominator)))
    if exponent.denominator == 1:
        return base ** int(exponent)
    if base < 0:
        raise Refusal("A root of a negative number is no real number.")
    return as_fraction(ROOT.power(as_decimal(base), as_decimal(exponent)))


def refuse_if_longer(digits: float) -> None:
    """Refuse a number before it is computed."""
    if digits > DIGITS:
        raise Refusal(f"That number would have more than {DIGITS:,} digits; I stop there.")


def sized(number: Fraction) -> Fraction:
    """The number, if it is not beyond measure."""
    bits = max(number.numerator.bit_length(), number.denominator.bit_length())
    refuse_if_longer(bits * math.log10(2) - 1)
    return number


def factorial(number: Fraction) -> Fraction:
    """n! of whole numbers."""
    if number.denominator != 1 or number < 0:
        raise Refusal("Only whole numbers from zero on have a factorial.")
    refuse_if_longer(math.lgamma(float(min(number, Fraction(10**6))) + 1) / math.log(10))
    return Fraction(math.factorial(int(number)))


def root(number: Fraction) -> Fraction:
    """The square root, exact where it is a fraction."""
    if number < 0:
        raise Refusal("A root of a negative number is no real number.")
    top, bottom = math.isqrt(number.numerator), math.isqrt(number.denominator)
    if top * top == number.numerator and bottom * bottom == number.denominator:
        return Fraction(top, bottom)
    return as_fraction(ROOT.sqrt(as_decimal(number)))


def cube_root(number: Fraction) -> Fraction:
    """The cube root, exact for whole ones."""
    size = abs(number)
    near = as_fraction(ROOT.power(as_decimal(size), as_decimal(Fraction(1, 3)))) if size else Fraction(0)
    whole = Fraction(round(near))
    found = whole if whole**3 == size else near
    return found if number >= 0 else -found


def logarithm(number: Fraction) -> Decimal:
    """The natural logarithm."""
    if number <= 0:
        raise Refusal("Only numbers above zero have a logarithm.")
    return ROOT.ln(as_decimal(number))


def as_decimal(number: Fraction) -> Decimal:
    """Rounded to the working precision."""
    return ROOT.divide(Decimal(number.numerator), Decimal(number.denominator))


def as_fraction(number: Decimal) -> Fraction:
    """The same number."""
    return Fraction(number)


OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: lambda a, b: Fraction(a // b),
    ast.Mod: operator.mod,
    ast.Pow: power,
}
FUNCTIONS: dict[str, Callable[[Fraction], Fraction]] = {
    "sqrt": root,
    "cbrt": cube_root,
    "abs": abs,
    "factorial": factorial,
    "round": lambda number: Fraction(round(number)),
    "ln": lambda number: as_fraction(logarithm(number)),
    "log": lambda number: as_fraction(ROOT.log10(as_decimal(number))) if number > 0 else as_fraction(logarithm(number)),
}


def shown(number: Fraction) -> tuple[str, bool]:
    """In digits, and whether these are all: at most `SHOWN` places, or significant digits where there are more."""
    if number.denominator == 1:
        return str(number.numerator), True
    whole = len(str(abs(int(number))))
    if 10**SHOWN % number.denominator == 0:
        exact = Context(prec=whole + SHOWN).divide(Decimal(number.numerator), Decimal(number.denominator))
        return trimmed(exact), True
    rounded = Context(prec=max(SHOWN, whole + 2)).divide(Decimal(number.numerator), Decimal(number.denominator))
    return trimmed(rounded), False


def trimmed(number: Decimal) -> str:
    """Without zeros at the end; with an exponent only where there would be many at the beginning."""
    if number and number.adjusted() < -SHOWN:
        return f"{number.normalize():e}"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
