/// `gradus rag`: an index of one's own texts, and search in it.
package gradus.lessons.retrieve.cli;
