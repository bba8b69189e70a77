/// Documents with a form of their own, cut where their parts begin.
package gradus.lessons.retrieve.chunk.structure;
