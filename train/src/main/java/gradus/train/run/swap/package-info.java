/// Parts of a model against each other: one model for each pair of two kinds of parts, all trained alike.
package gradus.train.run.swap;
