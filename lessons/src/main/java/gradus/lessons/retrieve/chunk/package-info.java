/// Cutting documents into chunks that a search can find and a model can read.
///
/// A [Chunker] makes a list of [Chunk]s of a text. From the simplest to the most costly:
///
/// | class | cuts |
/// |---|---|
/// | [FixedSizeChunker] | every n characters or tokens |
/// | [SentenceChunker] | between sentences, as full as the size allows |
/// | [RecursiveChunker] | between sections, else paragraphs, sentences, words, until small enough |
/// | [StructureChunker][gradus.lessons.retrieve.chunk.structure.StructureChunker] | where Markdown, HTML, LaTeX, Java
/// or Python begin a new part |
/// | [SemanticChunker] | where neighbouring sentences' embeddings are far apart |
/// | [ClusterChunker] | so that the sentences of a chunk are as alike as can be |
/// | [BoundaryChunker] | where a trained model says that a new subject begins |
/// | [ModelChunker] | where a language model says so |
package gradus.lessons.retrieve.chunk;
