/** The customers of a company that sells dashboards for shops. Its own database would know them. */
export const CUSTOMERS = [
  { id: "acme", name: "Acme Bikes", accent: "#b4400d" },
  { id: "globex", name: "Globex Garden", accent: "#1f7a4d" },
] as const;

export type Customer = (typeof CUSTOMERS)[number];

export function customerOf(id: string): Customer | undefined {
  return CUSTOMERS.find((customer) => customer.id === id);
}
