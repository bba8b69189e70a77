package gradus.lessons.retrieve.rag;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.query.QueryTransform;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Retriever;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Whatever order of [RagModule]s one likes. [NaiveRag] is `search, read`; [AdvancedRag] is `queries, search,
/// rerank, refine, read`; [#untilAnswered] repeats.
///
/// @param modules one after the other; one of them must answer
public record ModularRag(List<RagModule> modules) implements Rag {
    public ModularRag {
        modules = List.copyOf(modules);
    }

    @Override
    public Answer ask(String question) {
        return run(question).answer();
    }

    /// All that became known on the way.
    ///
    /// @throws gradus.error.ConfigException if no module has answered
    public State run(String question) {
        State state = State.of(question);
        for (RagModule module : modules) {
            state = module.apply(state);
        }
        require(state.answer() != null, "none of the %d modules has answered", modules.size());
        return state;
    }

    /// Reads what the question finds; while the answer is "unknown", tries again with what a model makes of the
    /// question, first of all rewritten, then as a made-up answer, and so on.
    ///
    /// @param others what is tried after the question itself, in this order
    public static ModularRag untilAnswered(
            Retriever retriever,
            Function<String, Optional<Document>> documents,
            int k,
            List<QueryTransform> others,
            Reading reading) {
        RagModule attempt = RagModule.search(retriever, documents, k).then(RagModule.read(reading));
        RagModule all = attempt;
        for (QueryTransform other : others) {
            RagModule again = RagModule.queries(other).then(attempt);
            all = all.then(RagModule.when(state -> state.answer().isUnknown(), again, state -> state));
        }
        return new ModularRag(List.of(all));
    }
}
