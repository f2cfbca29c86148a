namespace Sekisho.Inspection.Formats;

/// <summary>Where in a document a text stands that no reader sees and a macro can read.</summary>
public enum DocumentTextKind
{
    /// <summary>A property of a form or of a control on it (MS-OFORMS), or on a page.</summary>
    Form,

    /// <summary>A document property, built-in or custom.</summary>
    Property,

    /// <summary>A document variable of Word.</summary>
    Variable,

    /// <summary>The words that a package's main part shows: the one kind that the reader sees.</summary>
    Shown,
}

/// <summary>A text beside a document's content, such as a text box's value or the document's title.</summary>
/// <param name="Kind">What it belongs to.</param>
/// <param name="Name">Whose and what: <c>UserForm1/TextBox1.Tag</c>, <c>Title</c>.</param>
/// <param name="Text">The text, at most 1 Mi characters.</param>
public sealed record DocumentText(DocumentTextKind Kind, string Name, string Text)
{
    /// <summary>Texts a document gives at most.</summary>
    internal const int MaxTexts = 5000;

    /// <summary>Characters of one text at most.</summary>
    internal const int MaxLength = 1 << 20;
}
