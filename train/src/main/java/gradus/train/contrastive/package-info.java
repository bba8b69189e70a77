/// Texts that belong together, from WordNet and from files, for an encoder to learn from.
package gradus.train.contrastive;
