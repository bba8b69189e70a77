/// A collection of documents in a folder, made to be searched: added to, changed, deleted from and opened
/// again, unharmed by a crash. The search engine is Lucene's, in this process; there is no server.
///
/// [IndexEditor][gradus.lessons.retrieve.index.IndexEditor] writes,
/// [DocumentIndex][gradus.lessons.retrieve.index.DocumentIndex] reads. Documents come from text files
/// and others ([extract][gradus.lessons.retrieve.extract]) and from WordNet
/// ([Glosses][gradus.lessons.retrieve.index.Glosses]).
package gradus.lessons.retrieve.index;
