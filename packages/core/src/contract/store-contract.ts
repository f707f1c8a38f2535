export interface StoreContractOptions {
  name: string;
}
export function describeStoreContract(_: StoreContractOptions): void {}
