namespace ProxyKit.Rules.Explaining;

/// <summary>A server of the backend that a request goes to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address, as configured.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="IsBackup">Whether it is a backup.</param>
/// <param name="CanBeChosen">Whether the request could go there, no server being down.</param>
/// <param name="Remark">Why not; null where it could.</param>
public sealed record ExplainedServer(string Name, string Address, int Weight, bool IsBackup, bool CanBeChosen, string? Remark);
