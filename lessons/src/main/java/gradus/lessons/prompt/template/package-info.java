/// Prompts with places to fill in, and chains of them: [PromptTemplate][gradus.lessons.prompt.template.PromptTemplate]
/// and [Chain][gradus.lessons.prompt.template.Chain].
package gradus.lessons.prompt.template;
