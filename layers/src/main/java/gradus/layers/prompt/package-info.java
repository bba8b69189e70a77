/// Soft prompts: vectors that are trained instead of a model, and stand before a sequence as if tokens had made
/// them. What makes the vectors is here and knows no model; [gradus.layers.model.prompt] puts them before one.
package gradus.layers.prompt;
