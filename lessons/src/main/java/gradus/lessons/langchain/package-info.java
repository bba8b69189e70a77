/// Both ways between this library and LangChain4j: models and parts of ours behind its interfaces (`Gradus…`),
/// and what is behind its interfaces in place of ours (`LangChain…`).
///
/// LangChain4j is an optional dependency: nothing else in the library needs it.
package gradus.lessons.langchain;
