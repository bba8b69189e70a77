/// Vectors of texts: what chunkers and searches have in common.
package gradus.lessons.retrieve.embed;
