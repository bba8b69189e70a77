/// `gradus chunk`: shows how a document is cut.
package gradus.lessons.retrieve.chunk.cli;
