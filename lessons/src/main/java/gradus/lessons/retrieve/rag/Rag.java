package gradus.lessons.retrieve.rag;

/// Answers questions from documents: retrieval-augmented generation. Lewis et al. 2020, arXiv:2005.11401. The
/// three kinds, naive, advanced and modular, are those of Gao et al. 2023, *Retrieval-Augmented Generation for
/// Large Language Models: A Survey*, arXiv:2312.10997.
@FunctionalInterface
public interface Rag {
    /// The answer, with the places that it comes from.
    Answer ask(String question);
}
