package gradus.lessons.retrieve.index;

import gradus.lessons.retrieve.search.Filter;
import java.util.List;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.util.BytesRef;

/// A [Filter] in Lucene's terms.
final class FilterQueries {
    private FilterQueries() {}

    /// The query whose documents are those that the filter accepts.
    static Query of(Filter filter) {
        return switch (filter) {
            case Filter.All all -> MatchAllDocsQuery.INSTANCE;
            case Filter.OneOf oneOf ->
                new TermInSetQuery(
                        Fields.metadata(oneOf.key()),
                        oneOf.values().stream().map(BytesRef::new).toList());
            case Filter.Range range -> DoublePoint.newRangeQuery(Fields.number(range.key()), range.from(), range.to());
            case Filter.And and -> and.parts().isEmpty() ? MatchAllDocsQuery.INSTANCE : join(and.parts(), Occur.FILTER);
            case Filter.Or or -> or.parts().isEmpty() ? new MatchNoDocsQuery() : join(or.parts(), Occur.SHOULD);
            case Filter.Not not ->
                new BooleanQuery.Builder()
                        .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
                        .add(of(not.other()), Occur.MUST_NOT)
                        .build();
        };
    }

    private static Query join(List<Filter> parts, Occur occur) {
        BooleanQuery.Builder joined = new BooleanQuery.Builder();
        parts.forEach(part -> joined.add(of(part), occur));
        return joined.build();
    }
}
