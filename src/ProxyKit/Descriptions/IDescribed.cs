namespace ProxyKit.Descriptions;

/// <summary>Can tell how it was made.</summary>
public interface IDescribed
{
    /// <summary>How it was made.</summary>
    /// <value>Null where it has code of the user's in it, or words that the user added to the language: nobody can write those down.</value>
    Description? Description { get; }
}
