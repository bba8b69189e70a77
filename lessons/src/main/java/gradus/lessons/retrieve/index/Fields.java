package gradus.lessons.retrieve.index;

import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Filter;
import gradus.lessons.retrieve.search.Source;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/// How a document lies in Lucene's index.
final class Fields {
    static final String ID = "id";
    static final String TEXT = "text";
    static final String VECTOR = "vector";
    static final String PATH = "path";
    private static final String START = "start";
    private static final String END = "end";
    private static final String METADATA = "m.";
    private static final String NUMBER = "n.";

    /// Terms with how often they stand in the text, which is what BM25 needs, and the text itself.
    private static final FieldType TERMS = terms();

    private Fields() {}

    private static FieldType terms() {
        FieldType type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.setTokenized(true);
        type.setStored(true);
        type.freeze();
        return type;
    }

    /// @param vector of length 1 or 0; null where the index has none
    static org.apache.lucene.document.Document lucene(Document document, float[] vector) {
        var lucene = new org.apache.lucene.document.Document();
        lucene.add(new StringField(ID, document.id(), Store.YES));
        lucene.add(new SortedDocValuesField(ID, new BytesRef(document.id()))); // orders equal scores
        lucene.add(new Field(TEXT, document.text(), TERMS));
        lucene.add(new StringField(PATH, document.source().path(), Store.YES));
        lucene.add(new StoredField(START, document.source().start()));
        lucene.add(new StoredField(END, document.source().end()));
        document.metadata().forEach((key, value) -> {
            lucene.add(new StringField(METADATA + key, value, Store.YES));
            Filter.number(value).ifPresent(number -> lucene.add(new DoublePoint(NUMBER + key, number)));
        });
        if (vector != null) {
            lucene.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
        }
        return lucene;
    }

    static Document document(org.apache.lucene.document.Document lucene) {
        Map<String, String> metadata = new TreeMap<>();
        for (IndexableField field : lucene.getFields()) {
            if (field.name().startsWith(METADATA)) {
                metadata.put(field.name().substring(METADATA.length()), field.stringValue());
            }
        }
        Source source = new Source(
                lucene.get(PATH),
                lucene.getField(START).numericValue().intValue(),
                lucene.getField(END).numericValue().intValue());
        return new Document(lucene.get(ID), lucene.get(TEXT), metadata, source);
    }

    static String metadata(String key) {
        return METADATA + key;
    }

    static String number(String key) {
        return NUMBER + key;
    }
}
