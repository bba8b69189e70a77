package gradus.lessons.retrieve.index;

import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.WordVectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Adds ten documents, commits, says how many there are now, and so on until it is killed. Each batch also
/// replaces a document of before and deletes one.
final class IndexingProgram {
    static final int BATCH = 10;
    static final WordVectors VECTORS = new WordVectors(8);

    private IndexingProgram() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        try (IndexEditor editor = IndexEditor.open(folder, Analysis.standard(), VECTORS)) {
            int batch;
            try (DocumentIndex index = DocumentIndex.open(folder)) {
                batch = Integer.parseInt(
                        index.document("batches").map(Document::text).orElse("0"));
            }
            System.out.println(batch);
            while (true) {
                write(editor, ++batch);
                editor.commit();
                System.out.println(batch);
            }
        }
    }

    /// Batch b: documents 10b … 10b + 9 are new, 10b − 10 says `again`, 10b − 9 is gone.
    private static void write(IndexEditor editor, int batch) {
        List<Document> documents = new ArrayList<>();
        documents.add(Document.of("batches", "" + batch));
        for (int i = 0; i < BATCH; i++) {
            documents.add(Document.of("d" + (batch * BATCH + i), "word " + (batch * BATCH + i)));
        }
        if (batch > 1) {
            documents.add(Document.of("d" + (batch * BATCH - BATCH), "again"));
            editor.delete("d" + (batch * BATCH - BATCH + 1));
        }
        editor.add(documents);
    }
}
