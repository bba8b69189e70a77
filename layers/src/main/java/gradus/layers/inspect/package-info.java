/// Looks into a model while it computes, by hooks on its layers: what attends to what, what each block would
/// predict, and how large activations are. A model that nobody looks into loses nothing.
package gradus.layers.inspect;
