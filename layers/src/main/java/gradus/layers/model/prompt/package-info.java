/// Language models with a soft prompt before every sequence. The model itself stays frozen.
package gradus.layers.model.prompt;
