/// The text of files: [Extractor][gradus.lessons.retrieve.extract.Extractor] reads plain text, Markdown, HTML
/// and PDF, [Extracted][gradus.lessons.retrieve.extract.Extracted] cuts what was read into documents whose
/// offsets point into it.
package gradus.lessons.retrieve.extract;
