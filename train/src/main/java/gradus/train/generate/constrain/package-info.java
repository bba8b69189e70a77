/// Constrained decoding: a regular expression or a JSON schema says what a model may write, and tokens that
/// would leave this language are never drawn.
///
/// A ladder of four steps: [Regex][gradus.train.generate.constrain.Regex] is an expression over bytes and its
/// derivatives; [RegexSyntax][gradus.train.generate.constrain.RegexSyntax] and
/// [JsonSchema][gradus.train.generate.constrain.JsonSchema] make one of a text; `Automaton` numbers the
/// derivatives as states; [TokenConstraint][gradus.train.generate.constrain.TokenConstraint] asks of each token
/// of a vocabulary whether its bytes lead on from a state.
package gradus.train.generate.constrain;
