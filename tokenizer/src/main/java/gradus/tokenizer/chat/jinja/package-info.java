/// Renders a parsed chat template: the interpreter, and the filters, tests and functions that templates find
/// there. Everything does what Jinja 3.1 does in the environment that transformers sets up
/// (ImmutableSandboxedEnvironment, loop controls, `tojson` by `json.dumps`).
package gradus.tokenizer.chat.jinja;
