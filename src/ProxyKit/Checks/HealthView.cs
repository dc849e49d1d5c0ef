namespace ProxyKit.Checks;

/// <summary>What a server's state was at one moment.</summary>
internal readonly record struct HealthView(OperationalState State, AdminFlags Admin, int Check, int Agent)
{
    public bool InMaintenance => (Admin & AdminFlags.Maintenance) != 0;

    public bool IsDraining => (Admin & AdminFlags.Drain) != 0;

    /// <summary>Whether it takes new clients, as far as health and people go.</summary>
    public bool IsOpen => State == OperationalState.Running && !InMaintenance && !IsDraining;
}
