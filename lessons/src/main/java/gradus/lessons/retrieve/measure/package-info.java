/// How good a ranking is, held against judgements of which documents are relevant, and whether one way of
/// ranking is better than another beyond chance.
package gradus.lessons.retrieve.measure;
