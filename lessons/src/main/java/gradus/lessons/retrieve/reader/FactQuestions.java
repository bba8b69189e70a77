package gradus.lessons.retrieve.reader;

import gradus.error.DataException;
import gradus.lessons.retrieve.rag.Answer;
import gradus.lessons.retrieve.rag.Asked;
import gradus.lessons.retrieve.rag.EndToEnd;
import gradus.lessons.retrieve.rag.ExactMatch;
import gradus.lessons.retrieve.rag.Rag;
import gradus.lessons.retrieve.rag.Reading;
import gradus.lessons.retrieve.reader.Fact.Question;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Questions about facts that are held out, and what a reader makes of passages that say otherwise.
public final class FactQuestions {
    private final List<Asked> questions = new ArrayList<>();
    private final Map<Asked, Fact> facts = new HashMap<>();
    private final Map<Asked, Integer> which = new HashMap<>();
    private final Facts all;
    private final Rng rng;

    /// Draws so many; each asks one of the questions that a fact answers.
    public FactQuestions(Facts all, int count, long seed) {
        this.all = all;
        this.rng = Rng.of(seed).at("questions");
        List<Fact> held = new ArrayList<>(all.held());
        for (int i = 0; i < Math.min(count, held.size()); i++) {
            int j = i + rng.index(i, held.size() - i);
            Fact fact = held.set(j, held.get(i));
            int number = rng.at("which").index(i, fact.questions().size());
            Question question = fact.questions().get(number);
            Asked asked = new Asked(question.text(), question.answer(), fact.word());
            questions.add(asked);
            facts.put(asked, fact);
            which.put(asked, number);
        }
    }

    public List<Asked> questions() {
        return List.copyOf(questions);
    }

    /// How often the reader says what stands there, although it is wrong: the right document has another's
    /// answers, among the documents that a pipeline reads.
    public EndToEnd counterfactual(Rag rag, Reading reading) {
        Map<Asked, String> written = new HashMap<>();
        return EndToEnd.of(
                "a document that says otherwise",
                questions,
                asked -> {
                    Fact fact = facts.get(asked);
                    Fact other = other(asked);
                    Fact untrue = fact.withAnswers(other.kind(), other.word());
                    written.put(asked, untrue.questions().get(which.get(asked)).answer());
                    Document document = Document.of(fact.word(), untrue.text());
                    return reading.answer(asked.question(), swapped(rag.ask(asked.question()), document));
                },
                (asked, answer) -> ExactMatch.of(answer.plain(), written.get(asked)));
    }

    private Fact other(Asked asked) {
        Fact fact = facts.get(asked);
        for (int i = 0; i < 100 * all.held().size(); i++) {
            Fact other = all.held()
                    .get(rng.at("other").at(fact.word()).index(i, all.held().size()));
            if (!other.kind().equals(fact.kind()) && !other.word().equals(fact.word())) {
                return other;
            }
        }
        throw new DataException("no fact that is held out says otherwise than the one of " + fact.word());
    }

    private static List<Passage> swapped(Answer answer, Document document) {
        List<Passage> passages = new ArrayList<>();
        boolean there = false;
        for (Passage passage : answer.context()) {
            boolean same = passage.document().id().equals(document.id());
            there |= same;
            passages.add(same ? passage.withDocument(document) : passage);
        }
        if (!there) {
            passages.addFirst(new Passage(document, 1));
        }
        return passages;
    }
}
