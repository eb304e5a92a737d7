"""jupyter_kernel_test with every optional test switched on."""

import unittest

import jupyter_kernel_test


class LosslabTests(jupyter_kernel_test.KernelTests):
    kernel_name = "losslab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world');"
    code_stderr = "console.error('oops');"
    completion_samples = [
        {"text": "JSON.pars", "matches": ["parse"]},
        {"text": "process.versions.nod", "matches": ["node"]},
        {"text": "const λ = 1; λ.toFix", "matches": ["toFixed"]},
    ]
    complete_code_samples = ["1 + 1", "const a: number = 1;", "for (const x of [1]) { x; }", "await Promise.resolve(1)"]
    incomplete_code_samples = ["function f() {", "const s = `a", "[1, 2,", "if (true) {", "/* a comment"]
    invalid_code_samples = ["const 1a = 2;", "1 +* 2", "a b c )"]
    code_page_something = "Math.max?"
    code_generate_error = "throw new Error('on purpose');"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "const s: string = 'λ'; s.length + 1", "result": "2"},
        {"code": "await Promise.resolve([1, 2, 3].map((x) => x * x))", "result": "[ 1, 4, 9 ]"},
        {"code": "jupyter.html`<b>bold</b>`", "mime": "text/html", "result": "<b>bold</b>"},
    ]
    code_display_data = [
        {"code": "display(jupyter.html`<b>bold</b>`)", "mime": "text/html"},
        {"code": "display(jupyter.md`**bold**`)", "mime": "text/markdown"},
        {"code": "display(jupyter.svg`<svg xmlns='http://www.w3.org/2000/svg'/>`)", "mime": "image/svg+xml"},
        {"code": "display({ 'application/json': { a: 1 } }, { raw: true })", "mime": "application/json"},
        {"code": "display(1 + 1)", "mime": "text/plain"},
    ]
    code_history_pattern = "6 ?*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "JSON.parse"
    code_clear_output = "clearOutput();"


if __name__ == "__main__":
    unittest.main()
